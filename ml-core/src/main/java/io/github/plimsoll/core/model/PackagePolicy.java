package io.github.plimsoll.core.model;

import io.github.plimsoll.core.internal.pack.TrustFiles;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a host asks of a model package before the model may answer. Immutable; each method returns a changed copy.
 *
 * <p>Whatever the policy, a file that is missing, changed or not listed, and a golden sample that is answered otherwise than
 * when the model was packaged, stop the load.
 *
 * @since 0.1
 * @see io.github.plimsoll.core.ModelSource#with(PackagePolicy)
 */
public final class PackagePolicy {

    /** What to do when the engine at hand promises other answers than the one the model was packaged with. */
    public enum OnDifference {
        /** Log a warning with the reasons. The golden samples decide. */
        WARN,
        /** Refuse to load. */
        REFUSE
    }

    private static final int LARGEST_BATCH = 1 << 16;
    private static final PackagePolicy DEFAULTS =
            new PackagePolicy(OnDifference.WARN, new int[0], List.of(), List.of());

    private final OnDifference onDifference;
    private final int[] warmUp;
    private final List<PublicKey> keys;
    private final List<X509Certificate> roots;

    private PackagePolicy(OnDifference onDifference, int[] warmUp, List<PublicKey> keys, List<X509Certificate> roots) {
        this.onDifference = onDifference;
        this.warmUp = warmUp;
        this.keys = keys;
        this.roots = roots;
    }

    /**
     * Warns of another engine version, asks for no signature, warms up with the golden samples one at a time and all
     * together.
     *
     * @return the defaults
     */
    public static PackagePolicy defaults() {
        return DEFAULTS;
    }

    /**
     * This policy with what to do when the engine {@linkplain EnvironmentMatch.Differs differs}.
     *
     * @param action what to do
     * @return a changed copy
     */
    public PackagePolicy onDifferentEnvironment(OnDifference action) {
        return new PackagePolicy(Objects.requireNonNull(action), warmUp, keys, roots);
    }

    /**
     * This policy with batch sizes to run once while loading, with the golden samples' rows again and again, so that the
     * first large request meets warm code and buffers of its size. A package without golden samples is not warmed up.
     *
     * @param batchSizes sizes from 1 to 65,536; none for no further batch
     * @return a changed copy
     * @throws IllegalArgumentException if a size is out of range
     */
    public PackagePolicy warmUp(int... batchSizes) {
        for (int size : batchSizes) {
            if (size < 1 || size > LARGEST_BATCH) {
                throw new IllegalArgumentException("batch size: " + size + " (expected: 1 to " + LARGEST_BATCH + ")");
            }
        }
        return new PackagePolicy(onDifference, batchSizes.clone(), keys, roots);
    }

    /**
     * This policy with one more key whose signature is trusted. As soon as a key or root is, a folder without a signature,
     * or with one by anybody else, is refused; that holds for folders without a manifest as well, and a bare file, which
     * cannot be signed, is refused too.
     *
     * <p>The signature is the file {@code model.sig} as <a
     * href="https://github.com/sigstore/model-transparency">OpenSSF Model Signing</a> 1.0 and newer writes it; it covers the
     * manifest and every other file.
     *
     * @param key a public key on one of the curves P-256, P-384 and P-521
     * @return a changed copy
     * @throws IllegalArgumentException if the key is of another kind
     */
    public PackagePolicy signedBy(PublicKey key) {
        List<PublicKey> more = new ArrayList<>(keys);
        more.add(TrustFiles.checked(key));
        return new PackagePolicy(onDifference, warmUp, List.copyOf(more), roots);
    }

    /**
     * This policy with one more key whose signature is trusted.
     *
     * @param pem a file with a public key in PEM form, as {@code openssl ec -pubout} writes it
     * @return a changed copy
     * @throws IllegalArgumentException if the file holds no such key
     * @throws java.io.UncheckedIOException if the file cannot be read
     * @see #signedBy(PublicKey)
     */
    public PackagePolicy signedBy(Path pem) {
        return signedBy(TrustFiles.key(pem));
    }

    /**
     * This policy with one more certificate authority that is trusted: a folder may be signed with any certificate below it
     * that is for digital signatures or for signing code. So it should be an authority of the host's own, not one that
     * issues to everybody. Certificates are judged as of the day their validity began, as the signing tool does, because
     * nothing else says when a folder was signed; they are not looked up for revocation, since nothing goes to the network.
     *
     * @param root the authority's certificate
     * @return a changed copy
     * @see #signedBy(PublicKey)
     */
    public PackagePolicy signedUnder(X509Certificate root) {
        List<X509Certificate> more = new ArrayList<>(roots);
        more.add(Objects.requireNonNull(root));
        return new PackagePolicy(onDifference, warmUp, keys, List.copyOf(more));
    }

    /**
     * This policy with one more certificate authority that is trusted.
     *
     * @param pem a file with the authority's certificate in PEM form
     * @return a changed copy
     * @throws IllegalArgumentException if the file holds no certificate
     * @throws java.io.UncheckedIOException if the file cannot be read
     * @see #signedUnder(X509Certificate)
     */
    public PackagePolicy signedUnder(Path pem) {
        return signedUnder(TrustFiles.certificate(pem));
    }

    /**
     * The keys whose signatures are trusted.
     *
     * @return an immutable list
     */
    public List<PublicKey> trustedKeys() {
        return keys;
    }

    /**
     * The certificate authorities that are trusted.
     *
     * @return an immutable list
     */
    public List<X509Certificate> trustedRoots() {
        return roots;
    }

    /**
     * Whether a folder has to be signed.
     *
     * @return true if a key or a certificate authority is trusted
     */
    public boolean isSignatureRequired() {
        return !keys.isEmpty() || !roots.isEmpty();
    }

    /**
     * What to do when the engine differs.
     *
     * @return the action
     */
    public OnDifference onDifferentEnvironment() {
        return onDifference;
    }

    /**
     * The batch sizes to run once while loading.
     *
     * @return a copy
     */
    public int[] warmUp() {
        return warmUp.clone();
    }
}
