package io.github.plimsoll.validation.profile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;

/** Which fields a stored profile has, in every form. */
final class ProfileForm {

    static final int VERSION = 1;

    private static final byte[] MAGIC = {'P', 'L', 'P', 'F'};
    private static final int CHECKSUM = 4;
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private ProfileForm() {}

    // ---- bytes ------------------------------------------------------------------------------------------------------

    static byte[] toBytes(Profile profile) {
        BinaryWriter out = new BinaryWriter();
        write(profile, out);
        byte[] body = out.toBytes();
        byte[] all = Arrays.copyOf(MAGIC, MAGIC.length + 1 + body.length + CHECKSUM);
        all[MAGIC.length] = VERSION;
        System.arraycopy(body, 0, all, MAGIC.length + 1, body.length);
        long checksum = checksum(all);
        for (int i = 0; i < CHECKSUM; i++) {
            all[all.length - CHECKSUM + i] = (byte) (checksum >>> (8 * i));
        }
        return all;
    }

    /** Of all bytes but the last, in which it is. */
    static long checksum(byte[] all) {
        CRC32C checksum = new CRC32C();
        checksum.update(all, 0, all.length - CHECKSUM);
        return checksum.getValue();
    }

    static Profile ofBytes(byte[] all) {
        int least = MAGIC.length + 1 + CHECKSUM;
        if (all.length < least || !Arrays.equals(all, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw new ProfileException(
                    "profile: " + all.length + " bytes that do not begin with 'PLPF' (expected: a profile)", null);
        }
        if (all[MAGIC.length] != VERSION) {
            throw newer(all[MAGIC.length]);
        }
        long stored = 0;
        for (int i = 0; i < CHECKSUM; i++) {
            stored |= (all[all.length - CHECKSUM + i] & 0xffL) << (8 * i);
        }
        if (stored != checksum(all)) {
            throw new ProfileException(
                    "profile: " + all.length
                            + " bytes that do not match their checksum (expected: undamaged, complete)",
                    null);
        }
        BinaryReader in = new BinaryReader(all, MAGIC.length + 1, all.length - CHECKSUM);
        Profile profile = read(in);
        in.end();
        return profile;
    }

    static ProfileException newer(long version) {
        return new ProfileException(
                "profile: version " + version + " (expected: " + VERSION + "; a newer Plimsoll wrote it)", null);
    }

    // ---- JSON -------------------------------------------------------------------------------------------------------

    static String toJson(Profile profile) {
        ObjectNode root = JSON.createObjectNode();
        root.put("profile", VERSION);
        write(profile, new JsonWriter(root));
        return root.toString();
    }

    static Profile parse(String json) {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new ProfileException("profile: no JSON: " + e.getOriginalMessage() + " (expected: a profile)", e);
        }
        JsonReader in = new JsonReader("profile", root);
        long version = in.whole("profile");
        if (version != VERSION) {
            throw newer(version);
        }
        return read(in);
    }

    // ---- fields -----------------------------------------------------------------------------------------------------

    static void write(Profile profile, FieldWriter out) {
        out.whole("baseline", profile.basis().baseline());
        out.whole("key", profile.basis().key());
        out.objects("features", profile.features(), ProfileForm::write);
        out.objects("pairs", profile.pairs(), PairTally.PairFacts::write);
    }

    static Profile read(FieldReader in) {
        Basis basis = new Basis(in.whole("baseline"), in.whole("key"));
        List<FeatureProfile> features = in.objects("features", each -> featureProfile(basis, each));
        if (features.stream().map(FeatureProfile::name).distinct().count() != features.size()) {
            throw in.problem("features", "two of the same name", "different names");
        }
        long[] rows =
                features.stream().mapToLong(FeatureProfile::rows).distinct().toArray();
        if (rows.length > 1) {
            throw in.problem("features", rows[0] + " and " + rows[1] + " rows", "the same number of rows for all");
        }
        List<PairTally.PairFacts> pairs = in.objects("pairs", PairTally.PairFacts::read);
        if (pairs.stream().anyMatch(pair -> pair.first() >= features.size() || pair.second() >= features.size())) {
            throw in.problem("pairs", "of a feature that is not there", "places of features");
        }
        return new Profile(basis, features, pairs);
    }

    private static void write(FeatureProfile profile, FieldWriter out) {
        write(profile.feature(), out);
        States states = profile.states();
        out.whole("missing", states.missing());
        out.whole("unreadable", states.unreadable());
        out.whole("notANumber", states.notANumber());
        out.whole("positiveInfinity", states.positiveInfinity());
        out.whole("negativeInfinity", states.negativeInfinity());
        out.objects("unread", List.of(profile.unread()), Unreadable.Facts::write);
        profile.facts().write(out);
    }

    private static FeatureProfile featureProfile(Basis basis, FieldReader in) {
        Feature feature = feature(in);
        States states = new States(
                in.count("missing"),
                in.count("unreadable"),
                in.count("notANumber"),
                in.count("positiveInfinity"),
                in.count("negativeInfinity"));
        List<Unreadable.Facts> unread = in.objects("unread", Unreadable.Facts::read);
        if (unread.size() != 1) {
            throw in.problem("unread", unread.size(), "1");
        }
        return new FeatureProfile(feature, states, unread.get(0), Facts.read(feature, basis, in));
    }

    private static void write(Feature feature, FieldWriter out) {
        out.text("name", feature.name());
        out.text("type", feature.type().name().toLowerCase(Locale.ROOT));
        out.flag("nullable", feature.isNullable());
        out.flag("sensitive", feature.isSensitive());
        out.texts("unit", feature.unit() == null ? List.of() : List.of(feature.unit()));
        boolean bounded = feature.min() != Double.NEGATIVE_INFINITY || feature.max() != Double.POSITIVE_INFINITY;
        out.reals("range", bounded ? new double[] {feature.min(), feature.max()} : new double[0]);
        out.texts("categories", feature.categories());
        out.wholes("shape", feature.shape());
    }

    private static Feature feature(FieldReader in) {
        String name = in.text("name");
        FeatureType type = in.constant("type", FeatureType.class);
        boolean nullable = in.flag("nullable");
        boolean sensitive = in.flag("sensitive");
        List<String> unit = in.texts("unit");
        double[] range = in.reals("range");
        List<String> categories = in.texts("categories");
        long[] shape = in.wholes("shape");
        try {
            Feature feature = switch (type) {
                case NUMBER -> Feature.number(name);
                case INTEGER -> Feature.integer(name);
                case BOOLEAN -> Feature.bool(name);
                case CATEGORY -> Feature.category(name, categories);
                case TEXT -> Feature.text(name);
                case TIMESTAMP -> Feature.timestamp(name);
                case TENSOR -> Feature.tensor(name, shape);
            };
            feature = nullable ? feature.nullable() : feature;
            feature = sensitive ? feature.sensitive() : feature;
            feature = unit.isEmpty() ? feature : feature.unit(unit.get(0));
            return range.length == 2 ? feature.range(range[0], range[1]) : feature;
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw in.problem("feature '" + name + "'", String.valueOf(e.getMessage()), "a feature");
        }
    }
}
