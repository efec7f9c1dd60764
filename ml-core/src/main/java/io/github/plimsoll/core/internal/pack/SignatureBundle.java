package io.github.plimsoll.core.internal.pack;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.plimsoll.core.internal.Shown;
import io.github.plimsoll.core.model.PackagePolicy;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.Certificate;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathChecker;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who has signed: the Sigstore bundle v0.3 around a DSSE envelope, held against the keys and certificate authorities that the
 * host trusts. Only what one of them has signed is believed, and nothing in the bundle says which that is. Used once.
 */
final class SignatureBundle {

    private static final int LONGEST_CHAIN = 8;
    private static final String BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";
    private static final String IN_TOTO = "application/vnd.in-toto+json";
    private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
    private static final String CODE_SIGNING = "1.3.6.1.5.5.7.3.3";

    private final PackagePolicy policy;
    private final Problems problems;

    SignatureBundle(PackagePolicy policy, Problems problems) {
        this.policy = policy;
        this.problems = problems;
    }

    private void bad(String found, String expected) {
        problems.add(FolderFiles.SIGNATURE + ": " + found + " (expected: " + expected + ")");
    }

    /** What was signed, if somebody has who is trusted; else null with at least one more problem. */
    byte @Nullable [] payload(JsonNode document) {
        Problems own = new Problems();
        JsonFields root = new JsonFields(document, FolderFiles.SIGNATURE + " $", own);
        String mediaType = root.needText("mediaType", BUNDLE);
        JsonFields material = root.needObject("verificationMaterial");
        JsonFields envelope = root.needObject("dsseEnvelope");
        byte[] payload = null;
        byte[] signature = null;
        String type = "?";
        if (envelope != null) {
            type = envelope.needText("payloadType", IN_TOTO);
            payload = base64(envelope, "payload");
            List<JsonFields> signatures = envelope.objects("signatures", 1);
            if (signatures.size() == 1) {
                signature = base64(signatures.get(0), "sig");
            } else {
                own.add(envelope.path("signatures") + ": " + signatures.size() + " (expected: one)");
            }
        }
        own.list().forEach(problems::add);
        if (!own.isEmpty() || payload == null || signature == null || material == null) {
            return null;
        }
        if (!mediaType.equals(BUNDLE)) {
            bad("media type '" + Shown.text(mediaType) + "'", BUNDLE + FolderSignature.AGAIN);
            return null;
        }
        if (!type.equals(IN_TOTO)) {
            bad("payload type '" + Shown.text(type) + "'", IN_TOTO);
            return null;
        }
        List<PublicKey> signers = signers(material);
        for (PublicKey key : signers) {
            if (holds(key, signature, envelope(type, payload))) {
                return payload;
            }
        }
        if (!signers.isEmpty()) {
            bad(
                    "the signature does not hold for the trusted key",
                    "an ECDSA signature of the statement by it; one by model-signing 0.2 or older has to be made again");
        }
        return null;
    }

    private static byte @Nullable [] base64(JsonFields fields, String key) {
        String text = fields.needText(key, "base64");
        if (text.equals("?")) {
            return null;
        }
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            fields.problem(key, "not base64: " + Shown.text(String.valueOf(e.getMessage())), "base64");
            return null;
        }
    }

    /** DSSE's pre-authentication encoding, which is what is signed. */
    private static byte[] envelope(String type, byte[] payload) {
        byte[] head =
                ("DSSEv1 " + type.length() + " " + type + " " + payload.length + " ").getBytes(StandardCharsets.UTF_8);
        byte[] all = Arrays.copyOf(head, head.length + payload.length);
        System.arraycopy(payload, 0, all, head.length, payload.length);
        return all;
    }

    private static boolean holds(PublicKey key, byte[] signature, byte[] signed) {
        String algorithm = TrustFiles.algorithm(key);
        if (algorithm == null) {
            return false;
        }
        try {
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(key);
            verifier.update(signed);
            return verifier.verify(signature);
        } catch (SignatureException e) {
            return false; // malformed
        } catch (GeneralSecurityException e) {
            throw Problems.one("", FolderFiles.SIGNATURE + ": cannot be verified on this Java: " + e, e);
        }
    }

    /** The trusted keys that the bundle may be signed with; empty with at least one more problem. */
    private List<PublicKey> signers(JsonFields material) {
        if (material.has("certificate")) {
            bad(
                    "a keyless Sigstore signature, which only Sigstore's log and roots can verify, and loading goes to no network",
                    "one with a key: verify this one once where there is a network, with model_signing verify sigstore, then sign"
                            + " with model_signing sign key FOLDER --private_key KEY --signature FOLDER/model.sig");
            return List.of();
        }
        JsonNode chain = material.raw("x509CertificateChain");
        if (chain != null) {
            PublicKey key =
                    certified(new JsonFields(chain, FolderFiles.SIGNATURE + " $.verificationMaterial", problems));
            return key == null ? List.of() : List.of(key);
        }
        JsonNode publicKey = material.raw("publicKey");
        if (publicKey == null) {
            bad("neither a public key nor a certificate chain", "one of these" + FolderSignature.AGAIN);
            return List.of();
        }
        if (policy.trustedKeys().isEmpty()) {
            bad("signed with a key", "signed with a certificate, since no key is trusted");
            return List.of();
        }
        String hint = publicKey.path("hint").asText("");
        List<PublicKey> keys = policy.trustedKeys().stream()
                .filter(key -> hint.isEmpty() || hint.equals(hint(key)))
                .toList();
        if (keys.isEmpty()) {
            bad(
                    "signed with another key, " + Shown.text(hint),
                    "one of "
                            + policy.trustedKeys().stream()
                                    .map(SignatureBundle::hint)
                                    .toList());
        }
        return keys;
    }

    /** What the signing tool calls a key: the hash of its PEM form. */
    private static String hint(PublicKey key) {
        String pem = "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
        return HexFormat.of().formatHex(Hashes.sha256().digest(pem.getBytes(StandardCharsets.US_ASCII)));
    }

    private @Nullable PublicKey certified(JsonFields chain) {
        if (policy.trustedRoots().isEmpty()) {
            bad("signed with a certificate", "signed with a key, since no certificate authority is trusted");
            return null;
        }
        List<X509Certificate> certificates = new ArrayList<>();
        for (JsonFields each : chain.objects("certificates", LONGEST_CHAIN)) {
            byte[] encoded = base64(each, "rawBytes");
            if (encoded == null) {
                return null;
            }
            try {
                certificates.add(TrustFiles.certificate(encoded));
            } catch (GeneralSecurityException e) {
                bad("a certificate that cannot be read: " + Shown.text(String.valueOf(e.getMessage())), "X.509");
                return null;
            }
        }
        if (certificates.isEmpty()) {
            bad("a chain without certificates", "the signer's, and those up to the trusted authority");
            return null;
        }
        X509Certificate leaf = certificates.get(0);
        String signer =
                "certificate '" + Shown.text(leaf.getSubjectX500Principal().getName()) + "'";
        try {
            build(leaf, certificates);
            if (!maySign(leaf)) {
                bad(signer + " is not for signing", "key usage digitalSignature, or extended key usage codeSigning");
                return null;
            }
        } catch (GeneralSecurityException e) {
            bad(
                    signer + " is not below a trusted authority: " + Shown.text(String.valueOf(e.getMessage())),
                    "a chain to one of "
                            + policy.trustedRoots().stream()
                                    .map(root -> root.getSubjectX500Principal().getName())
                                    .toList());
            return null;
        }
        if (TrustFiles.algorithm(leaf.getPublicKey()) == null) {
            bad(signer + " has a key of another kind", "an elliptic curve key on P-256, P-384 or P-521");
            return null;
        }
        return leaf.getPublicKey();
    }

    private void build(X509Certificate leaf, List<X509Certificate> chain) throws GeneralSecurityException {
        Set<TrustAnchor> anchors = new HashSet<>();
        policy.trustedRoots().forEach(root -> anchors.add(new TrustAnchor(root, null)));
        X509CertSelector target = new X509CertSelector();
        target.setCertificate(leaf);
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, target);
        parameters.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
        parameters.setRevocationEnabled(false); // it would take the network
        parameters.setMaxPathLength(LONGEST_CHAIN);
        // Nothing that can be trusted says when it was signed; the signing tool takes this moment, too.
        parameters.setDate(leaf.getNotBefore());
        parameters.addCertPathChecker(new ExtendedKeyUsageKnown());
        CertPathBuilder.getInstance("PKIX").build(parameters);
    }

    private static boolean maySign(X509Certificate leaf) throws GeneralSecurityException {
        boolean[] usage = leaf.getKeyUsage();
        List<String> extended = leaf.getExtendedKeyUsage();
        return (usage != null && usage[0]) || (extended != null && extended.contains(CODE_SIGNING));
    }

    /** Says that we look at the extended key usage, which the path builder otherwise refuses if it is critical. */
    private static final class ExtendedKeyUsageKnown extends PKIXCertPathChecker {

        @Override
        public void init(boolean forward) {}

        @Override
        public boolean isForwardCheckingSupported() {
            return true;
        }

        @Override
        public Set<String> getSupportedExtensions() {
            return Set.of(EXTENDED_KEY_USAGE);
        }

        @Override
        public void check(Certificate certificate, Collection<String> unresolved) {
            unresolved.remove(EXTENDED_KEY_USAGE);
        }
    }
}
