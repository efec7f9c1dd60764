package io.github.plimsoll.core.internal.pack;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.plimsoll.core.ModelPackageException;
import io.github.plimsoll.core.internal.pack.FolderFiles.Found;
import io.github.plimsoll.core.model.PackagePolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
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
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the detached signature of a folder: {@code model.sig} in the form of OpenSSF Model Signing 1.0, a Sigstore bundle
 * v0.3 around a DSSE envelope around an in-toto statement that lists each file with its hash. Only what a trusted key has
 * signed is believed, and nothing in the bundle says which key that is. Used once.
 *
 * @see <a href="https://github.com/sigstore/model-transparency/blob/main/docs/model_signing_format.md">the form</a>
 */
final class FolderSignature {

    private static final int LARGEST = 16 << 20;
    private static final int LONGEST_CHAIN = 8;
    private static final String BUNDLE = "application/vnd.dev.sigstore.bundle.v0.3+json";
    private static final String IN_TOTO = "application/vnd.in-toto+json";
    private static final String STATEMENT = "https://in-toto.io/Statement/v1";
    private static final String PREDICATE = "https://model_signing/signature/v1.0";
    private static final String OLD_PREDICATE = "https://model_signing/Digests/v0.1";
    private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
    private static final String CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
    private static final String AGAIN = "; sign the folder again with model-signing 1.0 or newer";

    private final Path folder;
    private final PackagePolicy policy;
    private final FolderFiles.Hashed hashed;
    private final Problems problems;

    FolderSignature(Path folder, PackagePolicy policy, FolderFiles.Hashed hashed, Problems problems) {
        this.folder = folder;
        this.policy = policy;
        this.hashed = hashed;
        this.problems = problems;
    }

    /**
     * Verifies.
     *
     * @param covered paths that have to be signed, whatever the signature says may be ignored
     */
    void verify(Set<String> covered) {
        Path file = folder.resolve(FolderFiles.SIGNATURE);
        if (!Files.isRegularFile(file)) {
            problems.add("no " + FolderFiles.SIGNATURE + " (expected: a signed folder)");
            return;
        }
        try {
            byte[] payload = payload(SafeJson.read(file, LARGEST, "", FolderFiles.SIGNATURE));
            if (payload != null) {
                statement(SafeJson.parse(payload, "", FolderFiles.SIGNATURE + " statement"), covered);
            }
        } catch (ModelPackageException e) {
            e.problems().forEach(problems::add);
        }
    }

    private void bad(String found, String expected) {
        problems.add(FolderFiles.SIGNATURE + ": " + found + " (expected: " + expected + ")");
    }

    // ---- who has signed -----------------------------------------------------------------------------------------

    /** What was signed, if somebody has who is trusted; else null with at least one more problem. */
    private byte @Nullable [] payload(JsonNode document) {
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
            bad("media type '" + Problems.shown(mediaType) + "'", BUNDLE + AGAIN);
            return null;
        }
        if (!type.equals(IN_TOTO)) {
            bad("payload type '" + Problems.shown(type) + "'", IN_TOTO);
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
            fields.problem(key, "not base64: " + Problems.shown(String.valueOf(e.getMessage())), "base64");
            return null;
        }
    }

    /** DSSE's pre-authentication encoding, which is what is signed. */
    private static byte[] envelope(String type, byte[] payload) {
        byte[] head =
                ("DSSEv1 " + type.length() + " " + type + " " + payload.length + " ").getBytes(StandardCharsets.UTF_8);
        byte[] all = java.util.Arrays.copyOf(head, head.length + payload.length);
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
                    "a keyless Sigstore signature, which takes the network to verify",
                    "a signature with a key or a certificate chain");
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
            bad("neither a public key nor a certificate chain", "one of these" + AGAIN);
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
                    "signed with another key, " + Problems.shown(hint),
                    "one of "
                            + policy.trustedKeys().stream()
                                    .map(FolderSignature::hint)
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
                bad("a certificate that cannot be read: " + Problems.shown(String.valueOf(e.getMessage())), "X.509");
                return null;
            }
        }
        if (certificates.isEmpty()) {
            bad("a chain without certificates", "the signer's, and those up to the trusted authority");
            return null;
        }
        X509Certificate leaf = certificates.get(0);
        String signer =
                "certificate '" + Problems.shown(leaf.getSubjectX500Principal().getName()) + "'";
        try {
            build(leaf, certificates);
            if (!maySign(leaf)) {
                bad(signer + " is not for signing", "key usage digitalSignature, or extended key usage codeSigning");
                return null;
            }
        } catch (GeneralSecurityException e) {
            bad(
                    signer + " is not below a trusted authority: " + Problems.shown(String.valueOf(e.getMessage())),
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

    // ---- what was signed ----------------------------------------------------------------------------------------

    private void statement(JsonNode document, Set<String> covered) {
        Problems own = new Problems();
        JsonFields root = new JsonFields(document, FolderFiles.SIGNATURE + " statement $", own);
        String type = root.needText("_type", STATEMENT);
        String predicateType = root.needText("predicateType", PREDICATE);
        if (own.isEmpty() && !type.equals(STATEMENT)) {
            root.problem("_type", "'" + Problems.shown(type) + "'", STATEMENT);
        }
        if (own.isEmpty() && !predicateType.equals(PREDICATE)) {
            root.problem(
                    "predicateType",
                    "'" + Problems.shown(predicateType) + "'",
                    PREDICATE + (predicateType.equals(OLD_PREDICATE) ? AGAIN : ""));
        }
        if (!own.isEmpty()) {
            own.list().forEach(problems::add);
            return;
        }
        JsonFields predicate = root.needObject("predicate");
        JsonFields serialization = predicate == null ? null : predicate.needObject("serialization");
        List<String> ignored = List.of();
        if (serialization != null) {
            String method = serialization.needText("method", "files");
            String hash = serialization.needText("hash_type", "sha256");
            if (!method.equals("files") && !method.equals("?")) {
                serialization.problem("method", "'" + Problems.shown(method) + "'", "files; sign without shards");
            }
            if (!hash.equals("sha256") && !hash.equals("?")) {
                serialization.problem("hash_type", "'" + Problems.shown(hash) + "'", "sha256; sign with that");
            }
            ignored = serialization.texts("ignore_paths", Manifest.MOST_FILES);
        }
        Map<String, String> signed = predicate == null ? Map.of() : resources(predicate, own);
        List<JsonFields> subjects = root.objects("subject", 1);
        if (subjects.size() == 1) {
            JsonFields digest = subjects.get(0).needObject("digest");
            String whole = digest == null ? "?" : digest.needSha256("sha256");
            if (own.isEmpty() && !whole.equals(whole(signed))) {
                digestMismatch(digest, whole, signed);
            }
        } else if (own.isEmpty()) {
            root.problem("subject", subjects.size() + " elements", "one");
        }
        own.list().forEach(problems::add);
        if (own.isEmpty()) {
            compare(signed, ignored, covered);
        }
    }

    private static void digestMismatch(@Nullable JsonFields digest, String whole, Map<String, String> signed) {
        if (digest != null) {
            digest.problem("sha256", whole, whole(signed) + ", the hash of the resources' hashes");
        }
    }

    private static Map<String, String> resources(JsonFields predicate, Problems own) {
        Map<String, String> signed = new LinkedHashMap<>();
        for (JsonFields each : predicate.objects("resources", Manifest.MOST_FILES + 1)) {
            String name = each.needFilePath("name");
            String algorithm = each.needText("algorithm", "sha256");
            if (!algorithm.equals("sha256") && !algorithm.equals("?")) {
                each.problem("algorithm", "'" + Problems.shown(algorithm) + "'", "sha256");
            }
            String digest = each.needSha256("digest");
            if (name != null && signed.put(name, digest) != null) {
                each.problem("name", "'" + Problems.shown(name) + "' twice", "each file once");
            }
        }
        if (signed.isEmpty() && own.isEmpty()) {
            predicate.problem("resources", "none", "the files of the folder");
        }
        return signed;
    }

    private static String whole(Map<String, String> signed) {
        MessageDigest digest = Hashes.sha256();
        signed.values().forEach(hash -> digest.update(HexFormat.of().parseHex(hash)));
        return HexFormat.of().formatHex(digest.digest());
    }

    private void compare(Map<String, String> signed, List<String> ignored, Set<String> covered) {
        Map<String, Found> found;
        try {
            found = FolderFiles.list(folder, problems);
        } catch (IOException e) {
            problems.add("the folder cannot be listed: " + e);
            return;
        }
        Set<String> wanted = new TreeSet<>(covered);
        wanted.removeAll(signed.keySet());
        wanted.forEach(path -> bad("'" + Problems.shown(path) + "' is not signed", "every file of the package"));
        signed.forEach((path, sha256) -> {
            Found file = found.get(path);
            String shown = "file '" + Problems.shown(path) + "'";
            if (file == null) {
                if (!FolderFiles.isIgnored(path)) {
                    problems.add(shown + ": missing (expected: as it was signed)");
                }
                return;
            }
            try {
                String actual = hashed.of(file).sha256();
                if (!actual.equals(sha256)) {
                    problems.add(shown + ": SHA-256 " + actual + " (expected: " + sha256 + ", as it was signed)");
                }
            } catch (IOException e) {
                problems.add(shown + ": cannot be read: " + e);
            }
        });
        for (String path : found.keySet()) {
            if (!signed.containsKey(path)
                    && !path.equals(FolderFiles.SIGNATURE)
                    && !wanted.contains(path)
                    && ignored.stream().noneMatch(prefix -> path.equals(prefix) || path.startsWith(prefix + "/"))) {
                problems.add("file '" + Problems.shown(path) + "': not signed (expected: only files that are)");
            }
        }
    }
}
