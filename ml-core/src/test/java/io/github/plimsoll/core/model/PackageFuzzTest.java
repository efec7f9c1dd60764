package io.github.plimsoll.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.plimsoll.core.ModelPackageException;
import io.github.plimsoll.core.Plimsoll;
import io.github.plimsoll.core.internal.Bounded;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever bytes stand in a manifest, a signature, golden samples or an archive: our exception, soon, within a bound of memory, and nothing else. */
class PackageFuzzTest {

    private static final Path PACKAGE = Path.of("src/test/resources/packages/churn-1.0");
    private static final Path SIGNED = Path.of("src/test/resources/signed/key-p256");
    private static final Path CERTIFIED = Path.of("src/test/resources/signed/certificate-leaf");
    private static final PackagePolicy TRUST = PackagePolicy.defaults()
            .signedBy(Path.of("src/test/resources/signed/keys/p256.pub"))
            .signedUnder(Path.of("src/test/resources/signed/keys/root.crt"));
    private static final AtomicLong COUNT = new AtomicLong();

    private static Path temp;
    private static Path folder;
    private static byte[] zip;
    private static byte[] tarGz;

    @BeforeContainer
    static void prepare() throws IOException {
        temp = Files.createTempDirectory("plimsoll-fuzz");
        folder = Files.createDirectory(temp.resolve("folder"));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes);
                Stream<Path> files = Files.list(PACKAGE)) {
            for (Path file : files.sorted().toList()) {
                out.putNextEntry(new ZipEntry(file.getFileName().toString()));
                Files.copy(file, out);
                out.closeEntry();
            }
        }
        zip = bytes.toByteArray();
        tarGz = new byte[2048];
        for (String name : new String[] {"sub/", "model.onnx"}) {
            System.arraycopy(name.getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, tarGz, 0, name.length());
        }
    }

    @AfterContainer
    static void clear() throws IOException {
        try (Stream<Path> files = Files.walk(temp)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static byte[] mutated(byte[] valid, long seed, int changes) {
        Random random = new Random(seed);
        byte[] bytes = valid.clone();
        for (int i = 0; i < changes && bytes.length > 0; i++) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> bytes = java.util.Arrays.copyOf(bytes, at);
                case 3 -> {
                    byte[] longer = java.util.Arrays.copyOf(bytes, bytes.length + bytes.length - at);
                    System.arraycopy(bytes, at, longer, bytes.length, bytes.length - at);
                    bytes = longer;
                }
                default -> {
                    int to = random.nextInt(bytes.length);
                    int length = Math.min(random.nextInt(40), bytes.length - Math.max(at, to));
                    System.arraycopy(bytes, at, bytes, to, length);
                }
            }
        }
        return bytes;
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void manifest(byte[] bytes) {
        Bounded.run(bytes.length, () -> {
            Files.write(folder.resolve("plimsoll.json"), bytes);
            ModelPackage opened = ModelPackage.open(folder);
            opened.files();
            opened.parts();
            opened.outputs();
            opened.verify(PackagePolicy.defaults());
        });
    }

    @Property(tries = 2_000)
    void manifests(@ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int changes) {
        manifest(mutated(bytes(PACKAGE.resolve("plimsoll.json")), seed, changes));
    }

    @Property(tries = 300)
    void arbitraryManifests(@ForAll @Size(max = 300) byte[] bytes) {
        manifest(bytes);
    }

    private static void signature(Path signed, byte[] bytes) {
        Bounded.run(bytes.length, () -> {
            Path copy = Files.createDirectories(
                            temp.resolve("signed-" + COUNT.incrementAndGet()).resolve("sub"))
                    .getParent();
            Files.copy(signed.resolve("model.bin"), copy.resolve("model.bin"));
            Files.copy(signed.resolve("sub/config.json"), copy.resolve("sub/config.json"));
            Files.write(copy.resolve("model.sig"), bytes);
            Plimsoll.load(copy).with(TRUST).open().close();
        });
    }

    @Property(tries = 500)
    void signaturesByKey(@ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int changes) {
        signature(SIGNED, mutated(bytes(SIGNED.resolve("model.sig")), seed, changes));
    }

    @Property(tries = 500)
    void signaturesByCertificate(@ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int changes) {
        signature(CERTIFIED, mutated(bytes(CERTIFIED.resolve("model.sig")), seed, changes));
    }

    /** Changed certificates in a bundle that is otherwise whole. */
    @Property(tries = 300)
    void certificates(@ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int changes) throws IOException {
        var json = new com.fasterxml.jackson.databind.ObjectMapper();
        var bundle = json.readTree(bytes(CERTIFIED.resolve("model.sig")));
        var leaf = (com.fasterxml.jackson.databind.node.ObjectNode)
                bundle.at("/verificationMaterial/x509CertificateChain/certificates/0");
        leaf.put("rawBytes", mutated(leaf.get("rawBytes").binaryValue(), seed, changes));
        signature(CERTIFIED, json.writeValueAsBytes(bundle));
    }

    private static void archive(byte[] bytes) {
        Bounded.run(bytes.length, () -> {
            long id = COUNT.incrementAndGet();
            Path archive = Files.write(temp.resolve("archive-" + id), bytes);
            try {
                ModelPackage.unpack(archive, temp.resolve("to-" + id), new UnpackLimits(100, 1 << 20, 100));
            } catch (ModelPackageException e) {
                assertThat(temp.resolve("to-" + id)).doesNotExist();
                throw e;
            } finally {
                Files.delete(archive);
            }
        });
    }

    @Property(tries = 1_500)
    void zips(@ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int changes) {
        archive(mutated(zip, seed, changes));
    }

    /** The tar inside is what is changed: changes of the gzip around it end at its checksum. */
    @Property(tries = 1_000)
    void tars(@ForAll long seed, @ForAll @IntRange(min = 0, max = 12) int changes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(mutated(withChecksum(tarGz.clone()), seed, changes));
        }
        archive(out.toByteArray());
    }

    private static byte[] withChecksum(byte[] tar) {
        int sum = 8 * ' ';
        for (int i = 0; i < 512; i++) {
            sum += i >= 148 && i < 156 ? 0 : tar[i] & 0xFF;
        }
        byte[] text = String.format("%06o\0 ", sum).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        System.arraycopy(text, 0, tar, 148, 8);
        return tar;
    }

    @Property(tries = 300)
    void arbitraryArchives(@ForAll @Size(max = 300) byte[] bytes, @ForAll boolean zipMagic) {
        byte[] with = new byte[bytes.length + 4];
        System.arraycopy(bytes, 0, with, 4, bytes.length);
        System.arraycopy(zipMagic ? new byte[] {'P', 'K', 3, 4} : new byte[] {0x1f, (byte) 0x8b, 8, 0}, 0, with, 0, 4);
        archive(with);
    }
}
