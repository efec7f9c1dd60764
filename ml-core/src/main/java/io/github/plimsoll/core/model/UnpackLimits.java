package io.github.plimsoll.core.model;

/**
 * How much an archive may hold. What goes beyond stops the unpacking while it happens: an archive's own statements are not
 * believed.
 *
 * @param entries the largest number of files and folders, with folders that only paths name, >= 1
 * @param bytes the largest number of bytes of all files together, >= 1
 * @param ratio the largest number of bytes that one byte of the archive may become, >= 1; not asked for below a mebibyte
 * @since 0.1
 */
public record UnpackLimits(int entries, long bytes, int ratio) {

    /**
     * Checks.
     *
     * @throws IllegalArgumentException if a limit is less than 1
     */
    public UnpackLimits {
        if (entries < 1 || bytes < 1 || ratio < 1) {
            throw new IllegalArgumentException(
                    "limits: " + entries + " entries, " + bytes + " bytes, ratio " + ratio + " (expected: each >= 1)");
        }
    }

    /**
     * 10,000 entries, 4 GiB, and 200 bytes for each byte of the archive.
     *
     * @return the defaults
     */
    public static UnpackLimits defaults() {
        return new UnpackLimits(10_000, 4L << 30, 200);
    }
}
