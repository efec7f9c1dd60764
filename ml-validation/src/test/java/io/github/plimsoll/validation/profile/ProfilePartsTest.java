package io.github.plimsoll.validation.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.table.Table;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProfilePartsTest {

    private static FeatureProfile texts(Profiler profiler, String... texts) {
        return profiler.profile(Table.rows(
                        Stream.of(texts).map(text -> Map.of("t", text)).toList()))
                .feature("t");
    }

    private static FeatureProfile tensors(Profiler profiler, double[]... tensors) {
        return profiler.profile(Table.rows(
                        Stream.of(tensors).map(tensor -> Map.of("v", tensor)).toList()))
                .feature("v");
    }

    @Test
    void textsAreMeasured() {
        Profiler profiler = Profiler.of(List.of(Feature.text("t")));

        FeatureProfile t = texts(profiler, "Grüße 42!", "😀😀 ok", "");

        assertThat(t.part("length").max()).isEqualTo(9);
        assertThat(t.part("length").min()).isEqualTo(0);
        assertThat(t.part("tokens").sum()).isEqualTo(3);
        assertThat(t.part("letters").max()).isEqualTo(5 / 9.0);
        assertThat(t.part("digits").max()).isEqualTo(2 / 9.0);
        assertThat(t.part("spaces").max()).isEqualTo(0.2);
        assertThat(t.part("symbols").max()).isEqualTo(1 / 9.0);
        assertThat(t.part("emoji").max()).isEqualTo(0.4);
        assertThat(t.part("emoji").count()).isEqualTo(2); // of the empty text there are no shares
        assertThat(t.part("unseen tokens").count()).isZero();
        assertThatThrownBy(() -> t.part("mood")).hasMessageContaining("'mood'").hasMessageContaining("emoji");
    }

    @Test
    void tokensThatAnEarlierProfileDidNotHaveAreUnseen() {
        Profiler profiler = Profiler.of(List.of(Feature.text("t")));
        Profile earlier = profiler.profile(Table.rows(List.of(Map.of("t", "pay the rent"), Map.of("t", "the food"))));

        FeatureProfile later = texts(profiler.against(earlier), "Pay the food", "buy crypto now", "pay now");

        assertThat(later.part("unseen tokens").mean()).isEqualTo((0 + 1 + 0.5) / 3);
    }

    @Test
    void profilesAgainstDifferentOnesDoNotMerge() {
        Profiler profiler = Profiler.of(List.of(Feature.text("t")));
        Profile plain = profiler.recorder().profile();
        Profile against = profiler.against(plain).recorder().profile();
        Profile keyed = profiler.keyed(new byte[16]).recorder().profile();

        assertThatThrownBy(() -> plain.merge(against)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> keyed.merge(plain)).isInstanceOf(IllegalArgumentException.class);
        assertThat(against.merge(against)).isEqualTo(against);
    }

    @Test
    void embeddingsAreMeasuredAgainstTheCentreOfAnEarlierProfile() {
        Profiler profiler = Profiler.of(List.of(Feature.tensor("v", 2)));
        Profile earlier = profiler.profile(Table.rows(
                List.of(Map.of("v", new double[] {0, 0}), Map.of("v", new double[] {2, 4}))));

        FeatureProfile v = tensors(
                profiler.against(earlier), new double[] {4, 6}, new double[] {1, 2}, new double[] {Double.NaN, 1});

        assertThat(v.part("distance").max()).isEqualTo(5); // from the centre (1, 2)
        assertThat(v.part("distance").min()).isEqualTo(0);
        assertThat(v.part("norm").max()).isEqualTo(Math.sqrt(52));
        assertThat(v.part("not finite").max()).isEqualTo(1);
        assertThat(v.part("norm").count()).isEqualTo(2);
        assertThat(v.part("brightness").count()).isZero();
        double projected = v.part("projection 1").max();
        assertThat(Math.abs(projected) * Math.sqrt(2)).isIn(10.0, 2.0, 1.0, 3.0);
    }

    @Test
    void imagesAreMeasured() {
        double[] sharp = new double[16];
        for (int i = 0; i < 16; i++) {
            sharp[i] = (i / 4 + i % 4) % 2; // a chessboard of 4 x 4
        }
        double[] flat = new double[16];
        Arrays.fill(flat, 0.25);
        FeatureProfile grey = tensors(Profiler.of(List.of(Feature.tensor("v", 4, 4))), sharp, flat);

        assertThat(grey.part("brightness").max()).isEqualTo(0.5);
        assertThat(grey.part("brightness").min()).isEqualTo(0.25);
        assertThat(grey.part("contrast").max()).isEqualTo(0.5);
        assertThat(grey.part("contrast").min()).isEqualTo(0);
        assertThat(grey.part("sharpness").max()).isEqualTo(16); // the Laplacian is 4 or -4
        assertThat(grey.part("sharpness").min()).isEqualTo(0);

        double[] lastly = new double[48];
        double[] first = new double[48];
        for (int i = 0; i < 16; i++) {
            for (int c = 0; c < 3; c++) {
                lastly[i * 3 + c] = sharp[i] * (c + 1) / 2;
                first[c * 16 + i] = sharp[i] * (c + 1) / 2;
            }
        }
        FeatureProfile channelsLast = tensors(Profiler.of(List.of(Feature.tensor("v", 4, 4, 3))), lastly);
        FeatureProfile wide = tensors(Profiler.of(List.of(Feature.tensor("v", 3, 2, 8))), first);
        assertThat(channelsLast.part("brightness").mean()).isEqualTo(0.5);
        assertThat(channelsLast.part("sharpness").mean()).isEqualTo(16, within(1e-12));
        assertThat(wide.part("brightness").mean()).isEqualTo(0.5);
    }

    @Test
    void frequentTextsAreFoundAmongTensOfThousandsAndInAnyOrderAlike() {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < 40_000; i++) {
            values.add("customer " + i);
        }
        values.addAll(Collections.nCopies(8_000, "unknown"));
        values.addAll(Collections.nCopies(4_000, "Straße ohne Namen"));
        values.addAll(Collections.nCopies(3_000, "a name that is longer than what is kept of it"));
        Profiler profiler = Profiler.of(List.of(Feature.category("t")));
        Collections.shuffle(values, new Random(1));
        Profile whole = profile(profiler, values);
        Collections.shuffle(values, new Random(2));
        Profile parts = profile(profiler, values.subList(0, 9_000))
                .merge(profile(profiler, values.subList(9_000, 9_100)))
                .merge(profile(profiler, values.subList(9_100, values.size())));

        List<ValueCount> frequent = whole.feature("t").frequent().subList(0, 3);

        assertThat(parts).isEqualTo(whole);
        assertThat(frequent.get(0).value()).isEqualTo("unknown");
        assertThat(frequent.get(0).count()).isBetween(7_800L, 8_200L);
        assertThat(frequent.get(1).value()).isEqualTo("Straße ohne Namen");
        assertThat(frequent.get(1).count()).isBetween(3_800L, 4_200L);
        assertThat(frequent.get(2).value()).isEqualTo("a name that is longer th…");
        assertThat(whole.feature("t").distinct()).isBetween(37_000L, 43_000L);
    }

    private static Profile profile(Profiler profiler, List<String> values) {
        return profiler.profile(
                Table.rows(values.stream().map(value -> Map.of("t", value)).toList()));
    }

    @Test
    void amongManyNumbersThoseOfFewDigitsAreKept() {
        List<Map<String, Object>> rows = new ArrayList<>();
        Random random = new Random(4);
        for (int i = 0; i < 5_000; i++) {
            rows.add(Map.of("t", i % 20 == 0 ? -999.0 : i % 33 == 0 ? 0.5 : random.nextGaussian()));
        }

        FeatureProfile t =
                Profile.of(Table.rows(rows), List.of(Feature.number("t"))).feature("t");

        assertThat(t.frequent().subList(0, 2)).extracting(ValueCount::value).containsExactly("-999", "0.5");
        assertThat(t.frequent().get(0).count()).isEqualTo(250);
    }

    @Test
    void sensitiveValuesAreHashedWithTheKeyOnly() {
        List<Feature> features = List.of(Feature.text("t").sensitive());
        Profiler profiler = Profiler.of(features).keyed("sixteen bytes ok".getBytes(StandardCharsets.UTF_8));
        Profiler other = Profiler.of(features).keyed("another 16 bytes".getBytes(StandardCharsets.UTF_8));

        FeatureProfile t = texts(profiler, "Ada", "Ada", "Bob");

        assertThat(t.distinct()).isEqualTo(2);
        assertThat(t.frequent().get(0).count()).isEqualTo(2);
        assertThat(t.frequent().get(0).value()).matches("#[0-9a-f]{16}");
        assertThat(texts(profiler, "Ada").frequent().get(0).value())
                .isEqualTo(t.frequent().get(0).value());
        assertThat(texts(other, "Ada").frequent().get(0).value())
                .isNotEqualTo(t.frequent().get(0).value());
        assertThatThrownBy(() -> profiler.keyed(new byte[15])).hasMessageContaining("15 bytes");
    }

    /** The vector in the appendix of the paper: key 00..0f, message 00..0e. */
    @Test
    void hashesAreThoseOfSipHash() {
        byte[] message = new byte[15];
        for (int i = 0; i < message.length; i++) {
            message[i] = (byte) i;
        }

        long hash = new Key(0x0706_0504_0302_0100L, 0x0f0e_0d0c_0b0a_0908L, 0).hash(message);

        assertThat(hash).isEqualTo(0xa129_ca61_49be_45e5L);
    }

    @Test
    void correlationsAreExactAndOnlyOverRowsThatHaveBoth() {
        List<Map<String, Object>> rows = IntStream.range(0, 100)
                .mapToObj(i -> Map.<String, Object>of(
                        "a", 1e9 + i, "b", i % 10 == 0 ? Double.NaN : -2.0 * i, "c", (double) (i % 2)))
                .toList();
        Profile profile = Profiler.of(List.of(Feature.number("a"), Feature.number("b"), Feature.number("c")))
                .correlating("a", "b", "c")
                .profile(Table.rows(rows));

        Correlation strongest = profile.correlations().get(0);

        assertThat(strongest.first()).isEqualTo("a");
        assertThat(strongest.second()).isEqualTo("b");
        assertThat(strongest.rows()).isEqualTo(90);
        assertThat(strongest.value()).isEqualTo(-1);
        assertThat(profile.correlations()).hasSize(3);
    }
}
