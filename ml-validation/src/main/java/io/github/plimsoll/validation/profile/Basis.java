package io.github.plimsoll.validation.profile;

/**
 * What rows were compared and hashed with, 0 for nothing: profiles with different ones do not add up.
 *
 * @param baseline the fingerprint of the earlier profile
 * @param key the fingerprint of the key
 */
record Basis(long baseline, long key) {

    static final Basis NONE = new Basis(0, 0);
}
