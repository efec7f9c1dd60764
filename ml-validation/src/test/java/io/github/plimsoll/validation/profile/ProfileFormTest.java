package io.github.plimsoll.validation.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.table.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ProfileFormTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");

    /** Wrote the golden files; with {@code -Dplimsoll.golden=write} it does so again, which only a new version may. */
    private static Profile golden() {
        Random random = new Random(5);
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            Map<String, Object> row = new HashMap<>();
            row.put("x", i % 50 == 0 ? Double.NaN : i % 49 == 0 ? "n.a." : random.nextInt(1000) / 8.0);
            row.put("n", i % 7 == 0 ? null : (Object) random.nextInt(12));
            row.put("b", i % 3 == 0);
            row.put("c", "v" + i % 40);
            row.put("t", Instant.ofEpochSecond(1_772_000_000L + i * 3600L));
            row.put("note", i % 2 == 0 ? "Grüße, welt 42" : "hello 😀");
            row.put("v", new double[] {i, 1, 0.5});
            row.put("iban", "DE" + i % 5);
            rows.add(row);
        }
        return Profiler.of(List.of(
                        Feature.number("x").unit("EUR").range(0, 100).nullable(),
                        Feature.integer("n"),
                        Feature.bool("b"),
                        Feature.category("c"),
                        Feature.timestamp("t"),
                        Feature.text("note"),
                        Feature.tensor("v", 3),
                        Feature.text("iban").sensitive()))
                .correlating("x", "n")
                .profile(Table.rows(rows));
    }

    @Test
    void theFirstVersionsFilesAreReadAndWrittenAsTheyWere() throws IOException {
        Profile profile = golden();
        if ("write".equals(System.getProperty("plimsoll.golden"))) {
            Files.write(GOLDEN.resolve("profile-1.bin"), profile.toBytes());
            Files.writeString(GOLDEN.resolve("profile-1.json"), profile.toJson() + "\n");
        }

        byte[] bytes = Files.readAllBytes(GOLDEN.resolve("profile-1.bin"));
        String json = Files.readString(GOLDEN.resolve("profile-1.json"));

        assertThat(profile.toBytes()).isEqualTo(bytes);
        assertThat(profile.toJson() + "\n").isEqualTo(json);
        assertThat(Profile.ofBytes(bytes)).isEqualTo(profile);
        assertThat(Profile.parse(json)).isEqualTo(profile);
    }

    @Test
    void nothingOfASensitiveFeatureIsStored() {
        Profile profile = golden();

        assertThat(profile.toJson()).doesNotContain("DE3");
        assertThat(new String(profile.toBytes(), StandardCharsets.ISO_8859_1)).doesNotContain("DE3");
        assertThat(profile.toString()).doesNotContain("DE3");
    }

    @Test
    void everyChangedOrMissingByteIsNoticed() {
        byte[] bytes = Profile.recorder(List.of(Feature.number("x"), Feature.text("y")))
                .profile()
                .toBytes();

        for (int i = 0; i < bytes.length; i++) {
            byte[] changed = bytes.clone();
            changed[i] ^= 0x10;
            assertThatThrownBy(() -> Profile.ofBytes(changed)).isInstanceOf(ProfileException.class);
            byte[] cut = Arrays.copyOf(bytes, i);
            assertThatThrownBy(() -> Profile.ofBytes(cut)).isInstanceOf(ProfileException.class);
        }
    }

    @Test
    void aNewerVersionIsSaidToBeOne() {
        byte[] bytes = Profile.recorder(List.of(Feature.number("x"))).profile().toBytes();
        bytes[4] = 2;

        assertThatThrownBy(() -> Profile.ofBytes(bytes))
                .isInstanceOf(ProfileException.class)
                .hasMessage("profile: version 2 (expected: 1; a newer Plimsoll wrote it)");
        assertThatThrownBy(() -> Profile.parse("{\"profile\": 2}"))
                .isInstanceOf(ProfileException.class)
                .hasMessage("profile: version 2 (expected: 1; a newer Plimsoll wrote it)");
    }

    @Test
    void whatIsNoProfileIsSaidToBeNone() {
        assertThatThrownBy(() -> Profile.ofBytes(new byte[] {1, 2, 3}))
                .isInstanceOf(ProfileException.class)
                .hasMessageContaining("3 bytes that do not begin with 'PLPF'");
        assertThatThrownBy(() -> Profile.parse("PLPF")).isInstanceOf(ProfileException.class);
        assertThatThrownBy(() -> Profile.parse("")).isInstanceOf(ProfileException.class);
        assertThatThrownBy(() -> Profile.parse("[]")).isInstanceOf(ProfileException.class);
        assertThatThrownBy(() -> Profile.parse("{\"profile\": 1}"))
                .isInstanceOf(ProfileException.class)
                .hasMessage("profile.baseline: (absent) (expected: a field)");
    }

    /** With the checksum put right, so that the checks behind it are met: any bytes are a profile that can be used, or refused. */
    @Test
    void damageBehindTheChecksumIsRefusedOrHarmless() {
        byte[] bytes = golden().toBytes();
        Random random = new Random(11);
        int refused = 0;
        for (int round = 0; round < 1500; round++) {
            byte[] damaged =
                    round % 3 == 0 ? Arrays.copyOf(bytes, 9 + random.nextInt(bytes.length - 9)) : bytes.clone();
            for (int i = 0; i <= random.nextInt(3); i++) {
                damaged[5 + random.nextInt(Math.min(600, damaged.length - 9))] = (byte) random.nextInt();
            }
            long checksum = ProfileForm.checksum(damaged);
            for (int i = 0; i < 4; i++) {
                damaged[damaged.length - 4 + i] = (byte) (checksum >>> (8 * i));
            }
            try {
                Profile read = Profile.ofBytes(damaged);
                assertThat(read.toString()).isNotEmpty();
                assertThat(read.merge(read).rows()).isEqualTo(2 * read.rows());
            } catch (ProfileException e) {
                refused++;
                assertThat(e).hasMessageContaining("expected: ");
            }
        }
        assertThat(refused).isGreaterThan(500);
    }

    @Test
    void damagedJsonIsRefusedWithThePlace() {
        String json = Profile.recorder(List.of(Feature.number("x"))).profile().toJson();

        assertThatThrownBy(() -> Profile.parse(json.replace("\"missing\":0", "\"missing\":-1")))
                .isInstanceOf(ProfileException.class)
                .hasMessage("profile.features[0].missing: -1 (expected: a number >= 0)");
        assertThatThrownBy(() -> Profile.parse(json.replace("\"type\":\"number\"", "\"type\":\"colour\"")))
                .isInstanceOf(ProfileException.class)
                .hasMessageContaining("profile.features[0].type: 'colour'");
    }

    /** Bytes changed and left out, numbers made huge or odd, fields doubled, and depth: any text is a usable profile, or refused. */
    @Test
    void anyDamageOfJsonIsRefusedOrHarmless() {
        String json = golden().toJson();
        Random random = new Random(12);
        int refused = 0;
        for (int round = 0; round < 300; round++) {
            int at = random.nextInt(json.length() - 1);
            String damaged = switch (round % 5) {
                case 0 -> json.substring(0, at);
                case 1 -> json.substring(0, at) + (char) (random.nextInt(96) + 32) + json.substring(at + 1);
                case 2 -> withOtherNumber(json, random);
                case 3 -> json.substring(0, at) + json.substring(at + 1 + random.nextInt(json.length() - at));
                default -> {
                    int field = Math.max(0, json.indexOf(",\"", at % (json.length() / 2)));
                    yield json.substring(0, field) + json.substring(field, json.indexOf(":", field)) + ":1"
                            + json.substring(field);
                }
            };
            refused += isRefused(damaged) ? 1 : 0;
        }
        assertThat(refused).isGreaterThan(200);
    }

    private static boolean isRefused(String json) {
        try {
            Profile read = Profile.parse(json);
            assertThat(read.toString()).isNotEmpty();
            assertThat(read.merge(read).rows()).isEqualTo(2 * read.rows());
            assertThat(Profile.parse(read.toJson())).isEqualTo(read);
            return false;
        } catch (ProfileException e) {
            return true;
        }
    }

    /** One of its numbers is another one, of the kinds that readers stumble over. */
    private static String withOtherNumber(String json, Random random) {
        List<String> others = List.of(
                "9223372036854775808",
                "-9223372036854775808",
                "1e400",
                "-1e999999999",
                "1.5",
                "-1",
                "1e2",
                "null",
                "true",
                "\"7\"",
                "[]",
                "{}",
                "9".repeat(400),
                "2147483648",
                "0." + "0".repeat(400) + "1");
        Matcher numbers = Pattern.compile("(?<=[:,\\[])-?[0-9][^,\\]}]*").matcher(json);
        List<MatchResult> all = numbers.results().toList();
        MatchResult one = all.get(random.nextInt(all.size()));
        return json.substring(0, one.start()) + others.get(random.nextInt(others.size())) + json.substring(one.end());
    }

    @Test
    void jsonThatIsDeepOrDoubledIsRefusedWithoutHarm() {
        String json = Profile.recorder(List.of(Feature.number("x"))).profile().toJson();

        for (String open : List.of("[", "{\"profile\":", "{\"a\":[")) {
            assertThatThrownBy(() -> Profile.parse(open.repeat(100_000))).isInstanceOf(ProfileException.class);
        }
        assertThatThrownBy(() -> Profile.parse(json.replace("\"features\":", "\"features\":" + "[".repeat(50_000))))
                .isInstanceOf(ProfileException.class);
        assertThatThrownBy(() -> Profile.parse(json.replace("\"missing\":0", "\"missing\":0,\"missing\":1")))
                .isInstanceOf(ProfileException.class);
        assertThatThrownBy(() -> Profile.parse(json + json)).isInstanceOf(ProfileException.class);
    }
}
