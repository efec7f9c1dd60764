package io.github.plimsoll.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.ModelPackageException;
import io.github.plimsoll.core.Plimsoll;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures that the Python tool model-signing 1.1.1 made, see {@code src/test/models-src/sign_folders.sh}. */
class SignedFolderTest {

    private static final Path SIGNED = Path.of("src/test/resources/signed");
    private static final PackagePolicy BY_P256 = PackagePolicy.defaults().signedBy(key("p256"));
    private static final PackagePolicy UNDER_ROOT =
            PackagePolicy.defaults().signedUnder(SIGNED.resolve("keys/root.crt"));
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path temp;

    private static Path key(String name) {
        return SIGNED.resolve("keys/" + name + ".pub");
    }

    /** What is wrong with a folder; a sound one holds no model, which is the next thing that a load says. */
    private static List<String> problems(Path folder, PackagePolicy policy) {
        try (Model model = Plimsoll.load(folder).with(policy).open()) {
            return List.of();
        } catch (ModelPackageException e) {
            return e.problems();
        } catch (ModelLoadException e) {
            assertThat(e).hasMessageContaining("no model in the folder");
            return List.of();
        }
    }

    private Path copy(String name) {
        Path from = SIGNED.resolve(name);
        Path to = temp.resolve(name);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return to;
    }

    private static void edit(Path folder, Consumer<ObjectNode> change) throws IOException {
        Path file = folder.resolve("model.sig");
        ObjectNode bundle = (ObjectNode) JSON.readTree(file.toFile());
        change.accept(bundle);
        JSON.writeValue(file.toFile(), bundle);
    }

    private static ObjectNode at(ObjectNode bundle, String pointer) {
        return (ObjectNode) bundle.at(pointer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"p256", "p384", "p521"})
    void acceptsTheKeyThatSigned(String curve) {
        Path folder = SIGNED.resolve("key-" + curve);

        assertThat(problems(folder, PackagePolicy.defaults().signedBy(key(curve))))
                .isEmpty();
        assertThat(problems(folder, BY_P256.signedBy(key("p521")).signedBy(key("p384"))))
                .isEmpty();
    }

    @Test
    void acceptsACertificateBelowATrustedRoot() {
        assertThat(problems(SIGNED.resolve("certificate-leaf"), UNDER_ROOT)).isEmpty();
        assertThat(problems(SIGNED.resolve("certificate-leaf"), UNDER_ROOT.signedBy(key("p256"))))
                .isEmpty();
    }

    @Test
    void loadsASignedPackage() {
        try (Model churn =
                Plimsoll.load(SIGNED.resolve("package-p256")).with(BY_P256).open()) {
            assertThat(churn.description().id()).hasToString("churn:2026-03");
        }
        ModelPackage.open(SIGNED.resolve("package-p256")).verify(BY_P256);
    }

    @Test
    void refusesAnotherKey() {
        assertThat(problems(SIGNED.resolve("key-p384"), BY_P256))
                .singleElement()
                .asString()
                .startsWith("model.sig: signed with another key, ");
    }

    @Test
    void refusesAnotherRootAndACertificateThatIsNotForSigning() {
        assertThat(problems(
                        SIGNED.resolve("certificate-leaf"),
                        PackagePolicy.defaults().signedUnder(SIGNED.resolve("keys/other-root.crt"))))
                .singleElement()
                .asString()
                .contains("CN=Plimsoll test leaf")
                .contains("not below a trusted authority")
                .contains("other-root");
        assertThat(problems(SIGNED.resolve("certificate-no-signing-leaf"), UNDER_ROOT))
                .singleElement()
                .asString()
                .contains("is not for signing");
    }

    @Test
    void refusesAKeyWhereACertificateIsWantedAndTheOtherWayRound() {
        assertThat(problems(SIGNED.resolve("key-p256"), UNDER_ROOT))
                .singleElement()
                .asString()
                .contains("signed with a key (expected: signed with a certificate");
        assertThat(problems(SIGNED.resolve("certificate-leaf"), BY_P256))
                .singleElement()
                .asString()
                .contains("signed with a certificate (expected: signed with a key");
    }

    @Test
    void refusesWhatIsNotSigned() throws IOException {
        Path folder = copy("key-p256");
        Files.delete(folder.resolve("model.sig"));
        assertThat(problems(folder, BY_P256)).containsExactly("no model.sig (expected: a signed folder)");
        assertThat(problems(Path.of("src/test/resources/packages/churn-1.0"), BY_P256))
                .containsExactly("no model.sig (expected: a signed folder)");
        assertThat(problems(Path.of("src/test/resources/models/iris-logreg/model.onnx"), BY_P256))
                .containsExactly("is a file, which carries no signature (expected: a signed folder)");
    }

    @Test
    void refusesAChangedASurplusAndAMissingFile() throws IOException {
        Path folder = copy("key-p256");
        Files.writeString(folder.resolve("model.bin"), "tampered");
        Files.writeString(folder.resolve("sub/extra.py"), "");
        Files.delete(folder.resolve("sub/config.json"));
        Files.writeString(folder.resolve(".gitignore"), "");

        assertThat(problems(folder, BY_P256))
                .hasSize(3)
                .anySatisfy(p -> assertThat(p).contains("'model.bin': SHA-256").contains("as it was signed"))
                .anySatisfy(p -> assertThat(p).contains("'sub/extra.py': not signed"))
                .anySatisfy(p -> assertThat(p).contains("'sub/config.json': missing"));
    }

    @Test
    void refusesAChangedManifest() throws IOException {
        Path folder = copy("package-p256");
        Path manifest = folder.resolve("plimsoll.json");
        Files.writeString(manifest, Files.readString(manifest).replace("\"2026-03\"", "\"2026-04\""));

        assertThat(problems(folder, PackagePolicy.defaults())).isEmpty();
        assertThat(problems(folder, BY_P256)).singleElement().asString().startsWith("file 'plimsoll.json': SHA-256");
    }

    @Test
    void refusesAnEnvelopeThatWasTamperedWith() throws IOException {
        Path folder = copy("key-p256");
        edit(folder, b -> at(b, "/dsseEnvelope").put("payloadType", "text/plain"));
        assertThat(problems(folder, BY_P256)).singleElement().asString().contains("payload type 'text/plain'");

        Path other = copy("key-p384");
        edit(other, b -> {
            String payload = new String(
                    Base64.getDecoder().decode(b.at("/dsseEnvelope/payload").asText()), StandardCharsets.UTF_8);
            at(b, "/dsseEnvelope").put("payload", base64(payload.replace("model.bin", "model.bim")));
        });
        assertThat(problems(other, PackagePolicy.defaults().signedBy(key("p384"))))
                .singleElement()
                .asString()
                .contains("the signature does not hold");
        edit(other, b -> at(b, "/verificationMaterial/publicKey").remove("hint"));
        assertThat(problems(other, BY_P256)).singleElement().asString().contains("the signature does not hold");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void refusesOtherForms() throws IOException {
        Path folder = copy("key-p256");
        edit(folder, b -> b.put("mediaType", "application/vnd.dev.sigstore.bundle+json;version=0.1"));
        assertThat(problems(folder, BY_P256)).singleElement().asString().contains("sign the folder again");
        edit(folder, b -> {
            b.put("mediaType", "application/vnd.dev.sigstore.bundle.v0.3+json");
            at(b, "/verificationMaterial").putObject("certificate").put("rawBytes", "AA==");
        });
        assertThat(problems(folder, BY_P256))
                .singleElement()
                .asString()
                .contains("keyless", "model_signing sign key FOLDER");
        Files.writeString(folder.resolve("model.sig"), "{}");
        assertThat(problems(folder, BY_P256))
                .hasSize(3)
                .allSatisfy(p -> assertThat(p).startsWith("model.sig $."));
    }

    /** Statements that the trusted key has really signed, but that this form does not allow. */
    @Test
    void refusesSignedStatementsOfAnotherForm() throws Exception {
        String old = "{\"_type\":\"https://in-toto.io/Statement/v1\",\"subject\":[],"
                + "\"predicateType\":\"https://model_signing/Digests/v0.1\"}";
        assertThat(signed(old))
                .singleElement()
                .asString()
                .contains("Digests/v0.1")
                .contains("sign the folder again");
        assertThat(signed(old.replace("Statement/v1", "Statement/v9")))
                .singleElement()
                .asString()
                .contains("$._type");
        assertThat(signed("[]")).isNotEmpty();
        assertThat(signed("not json")).singleElement().asString().contains("not valid JSON");
        String good = new String(
                Base64.getDecoder()
                        .decode(JSON.readTree(
                                        SIGNED.resolve("key-p256/model.sig").toFile())
                                .at("/dsseEnvelope/payload")
                                .asText()),
                StandardCharsets.UTF_8);
        assertThat(signed(good)).isEmpty();
        assertThat(signed(good.replace("\"files\"", "\"shards\"")))
                .singleElement()
                .asString()
                .contains("shards");
        assertThat(signed(good.replace("\"hash_type\": \"sha256\"", "\"hash_type\": \"blake3\"")))
                .singleElement()
                .asString()
                .contains("blake3");
        assertThat(signed(good.replace("\"model.bin\"", "\"../model.bin\"")))
                .anySatisfy(p -> assertThat(p).contains("has a segment '..'"));
        assertThat(signed(good.replaceFirst("\"sha256\": \"....", "\"sha256\": \"0000")))
                .anySatisfy(p -> assertThat(p).contains("the hash of the resources' hashes"));
        assertThat(signed(good.replace("\"resources\"", "\"sources\"")))
                .anySatisfy(p -> assertThat(p).contains("resources: none"));
    }

    private List<String> signed(String statement) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        byte[] payload = statement.getBytes(StandardCharsets.UTF_8);
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.getPrivate());
        signature.update(("DSSEv1 28 application/vnd.in-toto+json " + payload.length + " " + statement)
                .getBytes(StandardCharsets.UTF_8));
        Path folder = Files.createTempDirectory(temp, "signed").resolve("key-p256");
        Files.createDirectories(folder.resolve("sub"));
        for (String file : List.of("model.bin", "sub/config.json", "model.sig")) {
            Files.copy(SIGNED.resolve("key-p256").resolve(file), folder.resolve(file));
        }
        String sig = Base64.getEncoder().encodeToString(signature.sign());
        edit(folder, b -> {
            at(b, "/dsseEnvelope").put("payload", base64(statement));
            at(b, "/dsseEnvelope/signatures/0").put("sig", sig);
            at(b, "/verificationMaterial/publicKey").put("hint", "");
        });
        return problems(folder, PackagePolicy.defaults().signedBy(pair.getPublic()));
    }

    @Test
    void takesOnlyKeysThatCanVerify() throws Exception {
        KeyPair rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair();

        assertThatThrownBy(() -> PackagePolicy.defaults().signedBy(rsa.getPublic()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("RSA (expected: an elliptic curve key");
        assertThatThrownBy(() -> PackagePolicy.defaults().signedBy(SIGNED.resolve("keys/root.crt")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PackagePolicy.defaults().signedUnder(key("p256")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> PackagePolicy.defaults().signedBy(temp.resolve("none")))
                .isInstanceOf(UncheckedIOException.class);
    }
}
