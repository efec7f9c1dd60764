package io.github.plimsoll.core.internal.pack;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/** Reads what a host trusts. */
public final class TrustFiles {

    private static final int LARGEST = 1 << 20;
    private static final String BEGIN = "-----BEGIN PUBLIC KEY-----";
    private static final String END = "-----END PUBLIC KEY-----";

    private TrustFiles() {}

    /**
     * Checks that a key can verify a signature.
     *
     * @param key the key
     * @return the key
     */
    public static PublicKey checked(PublicKey key) {
        if (algorithm(key) == null) {
            throw new IllegalArgumentException(
                    "key: " + key.getAlgorithm() + " (expected: an elliptic curve key on P-256, P-384 or P-521)");
        }
        return key;
    }

    static @org.jspecify.annotations.Nullable String algorithm(PublicKey key) {
        if (!(key instanceof ECPublicKey ec)) {
            return null;
        }
        return switch (ec.getParams().getCurve().getField().getFieldSize()) {
            case 256 -> "SHA256withECDSA";
            case 384 -> "SHA384withECDSA";
            case 521 -> "SHA512withECDSA";
            default -> null;
        };
    }

    /**
     * Reads a public key.
     *
     * @param pem a PEM file
     * @return the key
     */
    public static PublicKey key(Path pem) {
        String text = new String(bytes(pem), StandardCharsets.ISO_8859_1);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalArgumentException("key " + pem + ": no '" + BEGIN
                    + "' in it (expected: a public key in PEM" + " form, as openssl ec -pubout writes it)");
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(text.substring(begin + BEGIN.length(), end));
            return checked(KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(der)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "key " + pem + ": " + e.getMessage()
                            + " (expected: an elliptic curve key on P-256, P-384 or P-521)",
                    e);
        }
    }

    /**
     * Reads a certificate.
     *
     * @param pem a PEM file
     * @return the certificate
     */
    public static X509Certificate certificate(Path pem) {
        try {
            return certificate(bytes(pem));
        } catch (CertificateException e) {
            throw new IllegalArgumentException(
                    "certificate " + pem + ": " + e.getMessage() + " (expected: an X.509 certificate in PEM form)", e);
        }
    }

    static X509Certificate certificate(byte[] encoded) throws CertificateException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
    }

    private static byte[] bytes(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(LARGEST);
        } catch (IOException e) {
            throw new UncheckedIOException("trust " + file + ": cannot be read", e);
        }
    }
}
