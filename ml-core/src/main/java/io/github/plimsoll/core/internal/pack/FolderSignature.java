package io.github.plimsoll.core.internal.pack;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.plimsoll.core.ModelPackageException;
import io.github.plimsoll.core.internal.Shown;
import io.github.plimsoll.core.internal.pack.FolderFiles.Found;
import io.github.plimsoll.core.model.PackagePolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the detached signature of a folder: {@code model.sig} in the form of OpenSSF Model Signing 1.0, a Sigstore bundle
 * v0.3 around a DSSE envelope around an in-toto statement that lists each file with its hash. {@link SignatureBundle} asks who
 * has signed, this what. Used once.
 *
 * @see <a href="https://github.com/sigstore/model-transparency/blob/main/docs/model_signing_format.md">the form</a>
 */
final class FolderSignature {

    private static final int LARGEST = 16 << 20;
    private static final String STATEMENT = "https://in-toto.io/Statement/v1";
    private static final String PREDICATE = "https://model_signing/signature/v1.0";
    private static final String OLD_PREDICATE = "https://model_signing/Digests/v0.1";
    static final String AGAIN = "; sign the folder again with model-signing 1.0 or newer";

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
            byte[] payload = new SignatureBundle(policy, problems)
                    .payload(SafeJson.read(file, LARGEST, "", FolderFiles.SIGNATURE));
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

    private void statement(JsonNode document, Set<String> covered) {
        Problems own = new Problems();
        JsonFields root = new JsonFields(document, FolderFiles.SIGNATURE + " statement $", own);
        String type = root.needText("_type", STATEMENT);
        String predicateType = root.needText("predicateType", PREDICATE);
        if (own.isEmpty() && !type.equals(STATEMENT)) {
            root.problem("_type", "'" + Shown.text(type) + "'", STATEMENT);
        }
        if (own.isEmpty() && !predicateType.equals(PREDICATE)) {
            root.problem(
                    "predicateType",
                    "'" + Shown.text(predicateType) + "'",
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
                serialization.problem("method", "'" + Shown.text(method) + "'", "files; sign without shards");
            }
            if (!hash.equals("sha256") && !hash.equals("?")) {
                serialization.problem("hash_type", "'" + Shown.text(hash) + "'", "sha256; sign with that");
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
                each.problem("algorithm", "'" + Shown.text(algorithm) + "'", "sha256");
            }
            String digest = each.needSha256("digest");
            if (name != null && signed.put(name, digest) != null) {
                each.problem("name", "'" + Shown.text(name) + "' twice", "each file once");
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
        wanted.forEach(path -> bad("'" + Shown.text(path) + "' is not signed", "every file of the package"));
        signed.forEach((path, sha256) -> {
            Found file = found.get(path);
            String shown = "file '" + Shown.text(path) + "'";
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
                problems.add("file '" + Shown.text(path) + "': not signed (expected: only files that are)");
            }
        }
    }
}
