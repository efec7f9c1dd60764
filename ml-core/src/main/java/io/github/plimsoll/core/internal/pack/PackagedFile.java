package io.github.plimsoll.core.internal.pack;

/**
 * One file of a package.
 *
 * @param path its path in the folder, with forward slashes
 * @param bytes its size
 * @param sha256 its hash, 64 hexadecimal digits in lower case
 */
public record PackagedFile(String path, long bytes, String sha256) {}
