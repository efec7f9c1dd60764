package io.github.plimsoll.core.internal.booster;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.internal.Json;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.TensorSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an XGBoost file says of itself, and whether its trees can be walked without leaving them: the engine believes every index in
 * the file, and a wrong one reads memory that is not the model's, or goes round for ever.
 */
final class XgboostFile {

    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS) // as XGBoost writes them
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(UbjsonReader.MAX_DEPTH)
                    .build())
            .build();
    private static final int MAX_FEATURES = 1 << 20;
    private static final char JSON_ARRAY = 'J'; // whose elements are what they look like

    private final List<String> featureNames = new ArrayList<>();
    private final List<String> featureTypes = new ArrayList<>();
    private final List<Integer> version = new ArrayList<>();
    private String objective = "";
    private String booster = "";
    private int features = -1;
    private int classes;
    private int targets = 1;
    private int trees;
    private String baseScore = "";
    private float[] baseScores = {}; // since 3.1 one for each output, before it one for all

    private XgboostFile() {}

    /** Whether a file's first bytes are those of a model, as JSON or as UBJSON. */
    static boolean isModel(byte[] head) {
        if (isJson(head)) {
            return new String(head, StandardCharsets.ISO_8859_1).contains("\"learner\"");
        }
        String start = new String(head, 0, Math.min(head.length, 64), StandardCharsets.ISO_8859_1);
        return start.startsWith("{")
                && start.length() > 1
                && "iUIlL".indexOf(start.charAt(1)) >= 0
                && start.contains("learner");
    }

    static boolean isJson(byte[] head) {
        int at = 0;
        while (at < head.length && Character.isWhitespace(head[at])) {
            at++;
        }
        if (at == head.length || head[at] != '{') {
            return false;
        }
        at++;
        while (at < head.length && Character.isWhitespace(head[at])) {
            at++;
        }
        return at < head.length && head[at] == '"';
    }

    /** Reads all of a file. {@code wanted} is such as {@code model /a/b.ubj}. */
    static XgboostFile read(byte[] bytes, String wanted) {
        XgboostFile file = new XgboostFile();
        Reader reader = file.new Reader();
        try {
            if (isJson(bytes)) {
                json(bytes, reader);
            } else {
                UbjsonReader.read(bytes, reader);
            }
            file.check(reader);
        } catch (IOException | Broken e) {
            throw new ModelLoadException(
                    wanted + " (" + bytes.length + " bytes): no whole XGBoost model: " + e.getMessage()
                            + " (expected: a file that XGBoost's save_model has written as .json or .ubj)",
                    e);
        }
        return file;
    }

    private static void json(byte[] bytes, UbjsonReader.Events events) throws IOException {
        if (bytes[0] != '{' || bytes[1] != '"') {
            throw new IOException("has been indented, which XGBoost does not read");
        }
        try (JsonParser parser = JSON.createParser(bytes)) {
            int depth = 0;
            do {
                JsonToken token = parser.nextToken();
                if (token == null) {
                    throw new IOException("ends in the middle, after " + bytes.length + " bytes");
                }
                switch (token) {
                    case START_OBJECT -> {
                        depth++;
                        events.beginObject();
                    }
                    case END_OBJECT -> {
                        depth--;
                        events.endObject();
                    }
                    case START_ARRAY -> {
                        depth++;
                        events.beginArray(JSON_ARRAY);
                    }
                    case END_ARRAY -> {
                        depth--;
                        events.endArray();
                    }
                    case FIELD_NAME -> events.key(parser.currentName());
                    case VALUE_STRING -> events.text(parser.getText());
                    case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> events.number(parser.getDoubleValue());
                    case VALUE_TRUE -> events.number(1);
                    case VALUE_FALSE -> events.number(0);
                    default -> events.number(Double.NaN);
                }
            } while (depth > 0);
            if (parser.nextToken() != null) {
                throw new IOException("goes on after its end");
            }
        }
    }

    private void check(Reader reader) {
        require(!objective.isEmpty(), "no learner.objective.name");
        require(!booster.isEmpty(), "no learner.gradient_booster.name");
        require(features >= 1 && features <= MAX_FEATURES, "num_feature is " + features);
        require(
                featureNames.isEmpty() || featureNames.size() == features,
                featureNames.size() + " feature names for " + features + " features");
        require(classes >= 0 && targets >= 1, "num_class is " + classes + ", num_target is " + targets);
        require(
                reader.largestFeature < features,
                "a tree asks for feature " + (long) reader.largestFeature + " of " + features);
        int groups = Math.max(1, Math.max(classes, targets));
        require(
                reader.largestGroup < groups,
                "a tree belongs to output " + (long) reader.largestGroup + " of " + groups);
        baseScores = readBaseScores();
        require(
                baseScores.length <= 1 || baseScores.length == groups,
                "base_score has " + baseScores.length + " numbers for " + groups + " outputs");
        if (booster.equals("gblinear")) {
            long wanted = (features + 1L) * groups;
            require(reader.linearWeights == wanted, reader.linearWeights + " weights, not " + wanted);
        } else {
            require(reader.groups == trees, reader.groups + " entries in tree_info for " + trees + " trees");
            require(
                    !booster.equals("dart") || reader.weights == trees,
                    reader.weights + " entries in weight_drop for " + trees + " trees");
            require(
                    reader.rounds == 0 || reader.lastRound == trees,
                    "iteration_indptr ends at " + reader.lastRound + " for " + trees + " trees");
        }
    }

    private float[] readBaseScores() {
        if (!baseScore.startsWith("[")) {
            return new float[0];
        }
        require(baseScore.length() > 2 && baseScore.endsWith("]"), "base_score is '" + baseScore + "'");
        String[] parts = baseScore.substring(1, baseScore.length() - 1).split(",", -1);
        float[] scores = new float[parts.length];
        for (int i = 0; i < scores.length; i++) {
            try {
                scores[i] = Float.parseFloat(parts[i]);
            } catch (NumberFormatException e) {
                throw new Broken("base_score is '" + baseScore + "'");
            }
            require(Float.isFinite(scores[i]), "base_score is '" + baseScore + "'");
        }
        return scores;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new Broken(otherwise);
        }
    }

    int features() {
        return features;
    }

    /** Such as {@code binary:logistic}. */
    String objective() {
        return objective;
    }

    /** {@code gbtree}, {@code dart} or {@code gblinear}. */
    String booster() {
        return booster;
    }

    /** The version of XGBoost that wrote the file, such as {@code 1.7.4}. */
    String writtenBy() {
        return String.join(".", version.stream().map(String::valueOf).toList());
    }

    /**
     * What every output starts from, as a list of numbers, one for all or one for each; empty if the file has it as one number, which
     * every version reads.
     */
    float[] baseScores() {
        return baseScores.clone();
    }

    /**
     * What the trees are added to, for each output: the base scores before the objective's transformation. Null where one of
     * several base scores would be needed for an objective whose transformation is not known here.
     */
    float @Nullable [] baseMargins() {
        float[] margins = baseScores.clone();
        for (int i = 0; i < margins.length; i++) {
            double score = margins[i];
            switch (objective) {
                case "multi:softprob",
                        "multi:softmax",
                        "reg:squarederror",
                        "reg:squaredlogerror",
                        "reg:pseudohubererror",
                        "reg:absoluteerror",
                        "reg:quantileerror",
                        "binary:logitraw" -> {}
                case "binary:logistic", "reg:logistic" -> margins[i] = (float) -Math.log(1 / score - 1);
                case "count:poisson", "reg:gamma", "reg:tweedie" -> margins[i] = (float) Math.log(score);
                default -> {
                    return null;
                }
            }
        }
        return margins;
    }

    /** What comes out, if it is so many numbers a row. */
    TensorSpec output(int columns) {
        return switch (objective) {
            case "binary:logistic", "reg:logistic" ->
                Booster.output(columns == 1 ? "probability" : "probabilities", ElementType.FLOAT32, columns);
            case "multi:softprob" -> Booster.output("probabilities", ElementType.FLOAT32, columns);
            case "multi:softmax" -> Booster.output("label", ElementType.INT64, columns);
            default -> Booster.output("prediction", ElementType.FLOAT32, columns);
        };
    }

    /** What else is known of the model. */
    Map<String, String> metadata() {
        Map<String, String> facts = new HashMap<>();
        facts.put("objective", objective);
        facts.put("booster", booster);
        facts.put("trees", Integer.toString(trees));
        facts.put("producer", "XGBoost " + writtenBy());
        if (!featureNames.isEmpty()) {
            facts.put("feature_names", Json.array(featureNames));
        }
        if (!featureTypes.isEmpty()) {
            facts.put("feature_types", Json.array(featureTypes));
        }
        return facts;
    }

    private static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Broken(String message) {
            super(message, null, false, false);
        }
    }

    /** Follows the file by path. */
    private final class Reader implements UbjsonReader.Events {
        private static final String LEARNER = "/learner";
        private static final String PARAMETERS = LEARNER + "/learner_model_param";
        private static final String BOOSTER = LEARNER + "/gradient_booster";
        private static final String WEIGHTS = "weights"; // of a linear model

        // The name of each open object or array, "" for the nameless; what is in an array is not named.
        private final List<String> open = new ArrayList<>();
        private final List<Integer> lengths = new ArrayList<>(); // of the path before each
        private final StringBuilder path = new StringBuilder();
        private String name = "";
        private final Tree tree = new Tree();
        private double largestFeature = -1;
        private double largestGroup = -1;
        private int groups;
        private int rounds;
        private double lastRound;
        private int weights;
        private long linearWeights;

        @Override
        public void key(String key) {
            name = key;
        }

        @Override
        public void beginObject() {
            begin();
            if (isTree()) {
                tree.clear();
            }
        }

        @Override
        public void endObject() {
            if (isTree()) {
                largestFeature = Math.max(largestFeature, tree.check(trees));
                trees++;
            }
            end();
        }

        private boolean isTree() {
            return inTree(0);
        }

        @Override
        public void beginArray(char type) {
            if (inTree(0)) {
                tree.begin(name, type);
            }
            require(
                    !name.equals(WEIGHTS) || type == JSON_ARRAY || type == 'd',
                    WEIGHTS + " has elements of type " + type);
            begin();
        }

        /** Whether what comes next is right in a tree, or a number of levels below. */
        private boolean inTree(int below) {
            int at = open.size() - 2 - below;
            return at >= 0 && open.get(at).equals("trees") && open.get(at + 1).isEmpty();
        }

        @Override
        public void endArray() {
            end();
        }

        private void begin() {
            lengths.add(path.length());
            open.add(name);
            if (!name.isEmpty()) {
                path.append('/').append(name);
            }
            name = "";
        }

        private void end() {
            path.setLength(lengths.remove(lengths.size() - 1));
            open.remove(open.size() - 1);
            name = "";
        }

        private boolean at(String wanted) {
            return path.length() == wanted.length() && wanted.contentEquals(path);
        }

        @Override
        public void text(String value) {
            if (at(PARAMETERS)) {
                switch (name) {
                    case "num_feature" -> features = integer(value);
                    case "num_class" -> classes = integer(value);
                    case "num_target" -> targets = integer(value);
                    case "base_score" -> baseScore = value;
                    default -> {}
                }
            } else if (name.equals("name") && at(LEARNER + "/objective")) {
                objective = value;
            } else if (name.equals("name") && at(BOOSTER)) {
                booster = value.toLowerCase(Locale.ROOT);
            } else if (at(LEARNER + "/feature_names")) {
                featureNames.add(value);
            } else if (at(LEARNER + "/feature_types")) {
                featureTypes.add(value);
            } else if (at(BOOSTER + "/model/" + WEIGHTS)) {
                throw new Broken(WEIGHTS + " has the text '" + value + "'");
            } else if (inTree(1)) {
                tree.text(open.get(open.size() - 1), name, value);
            }
            name = "";
        }

        private int integer(String value) {
            try {
                return Integer.parseInt(value);
            } catch (NumberFormatException e) {
                throw new Broken(name + " is '" + value + "'");
            }
        }

        @Override
        public void number(double value) {
            String list = open.isEmpty() ? "" : open.get(open.size() - 1);
            if (inTree(1)) {
                tree.add(value);
            } else if (inTree(0)) {
                require(!name.equals("id") || value == trees, "tree " + trees + " has id " + (long) value);
                tree.hasId |= name.equals("id");
            } else {
                switch (list) {
                    case "tree_info" -> {
                        groups++;
                        require(value >= 0, "a tree belongs to output " + (long) value);
                        largestGroup = Math.max(largestGroup, value);
                    }
                    case "iteration_indptr" -> {
                        require(
                                rounds == 0 ? value == 0 : value >= lastRound,
                                "iteration_indptr goes from " + lastRound + " to " + value);
                        lastRound = value;
                        rounds++;
                    }
                    case "weight_drop" -> weights++;
                    case WEIGHTS -> linearWeights++;
                    case "version" -> {
                        if (version.size() < 3) {
                            version.add((int) value);
                        }
                    }
                    default -> {}
                }
            }
            name = "";
        }
    }

    /** One tree: that all its lists are there, as long as they must be, and lead from place to place. */
    private static final class Tree {

        /** The type that each list has in UBJSON. */
        private static final Map<String, Character> TYPES = Map.ofEntries(
                Map.entry("left_children", 'l'),
                Map.entry("right_children", 'l'),
                Map.entry("parents", 'l'),
                Map.entry("split_indices", 'l'),
                Map.entry("default_left", 'U'),
                Map.entry("split_conditions", 'd'),
                Map.entry("base_weights", 'd'),
                Map.entry("loss_changes", 'd'),
                Map.entry("sum_hessian", 'd'),
                Map.entry("split_type", 'U'),
                Map.entry("categories", 'l'),
                Map.entry("categories_nodes", 'l'),
                Map.entry("categories_segments", 'L'),
                Map.entry("categories_sizes", 'L'));

        private static final List<String> FOR_EACH_NODE = List.of(
                "left_children",
                "right_children",
                "parents",
                "split_indices",
                "default_left",
                "split_conditions",
                "base_weights",
                "loss_changes",
                "sum_hessian");

        private final Map<String, Numbers> lists = new HashMap<>();
        private final Map<String, String> parameters = new HashMap<>();
        private Numbers open = new Numbers();
        private boolean hasId;

        private void clear() {
            lists.values().forEach(list -> list.size = -1); // kept for the next tree, but not there yet
            parameters.clear();
            hasId = false;
        }

        private void begin(String name, char type) {
            Character wanted = TYPES.get(name);
            require(
                    wanted == null || type == JSON_ARRAY || type == (char) wanted,
                    name + " has elements of type " + type);
            open = wanted == null ? new Numbers() : lists.computeIfAbsent(name, key -> new Numbers());
            open.size = 0;
        }

        private void add(double value) {
            open.add(value);
        }

        private void text(String group, String name, String value) {
            if (group.equals("tree_param")) {
                parameters.put(name, value);
            } else {
                require(!TYPES.containsKey(group), group + " has the text '" + value + "'");
            }
        }

        private Numbers list(String name) {
            Numbers list = lists.get(name);
            if (list == null || list.size < 0) {
                throw new Broken("a tree has no " + name);
            }
            return list;
        }

        /** The largest feature that the tree asks for, -1 for none. */
        private double check(int index) {
            String vector = parameters.get("size_leaf_vector");
            require(
                    "0".equals(vector) || "1".equals(vector),
                    "tree " + index + " has size_leaf_vector " + vector + ", and vectors in leaves are not supported");
            int nodes = list("left_children").size;
            require(nodes > 0 && hasId, "tree " + index + " has no nodes or no id");
            for (String name : FOR_EACH_NODE) {
                require(
                        list(name).size == nodes,
                        "tree " + index + " has " + list(name).size + " of " + name + " for " + nodes + " nodes");
            }
            require(
                    Integer.toString(nodes).equals(parameters.get("num_nodes")),
                    "tree " + index + " has num_nodes " + parameters.get("num_nodes") + " for " + nodes + " nodes");
            double[] left = list("left_children").values;
            double[] right = list("right_children").values;
            double[] features = list("split_indices").values;
            double[] parents = list("parents").values;
            boolean[] reached = new boolean[nodes];
            reached[0] = true; // nothing may lead back to the root
            double largest = -1;
            for (int node = 0; node < nodes; node++) {
                double l = left[node];
                double r = right[node];
                require((l == -1) == (r == -1), "tree " + index + " node " + node + " has one child");
                double feature = features[node];
                require(feature >= 0 || l == -1, "tree " + index + " node " + node + " asks for feature " + feature);
                if (l != -1) {
                    reach(reached, l, index, node);
                    reach(reached, r, index, node);
                    require(
                            parents[(int) l] == node && parents[(int) r] == node,
                            "tree " + index + " node " + node + " is not the parent of its children");
                    largest = Math.max(largest, feature);
                }
            }
            for (int node = 0;
                    node < nodes;
                    node++) { // those that were pruned are led to by none, and have one all the same
                double parent = parents[node];
                require(
                        parent < nodes || (node == 0 && parent == Integer.MAX_VALUE),
                        "tree " + index + " node " + node + " has parent " + parent);
            }
            if (lists.containsKey("split_type")) {
                checkCategories(index, nodes);
            }
            return largest;
        }

        private void checkCategories(int index, int nodes) {
            require(
                    list("split_type").size == nodes,
                    "tree " + index + " has " + list("split_type").size + " of split_type for " + nodes + " nodes");
            Numbers categories = list("categories");
            Numbers ofNodes = list("categories_nodes");
            Numbers starts = list("categories_segments");
            Numbers sizes = list("categories_sizes");
            require(
                    starts.size == ofNodes.size && sizes.size == ofNodes.size,
                    "tree " + index + " has categories of different counts");
            double last = -1;
            for (int i = 0; i < ofNodes.size; i++) {
                double start = starts.values[i];
                double size = sizes.values[i];
                double node = ofNodes.values[i];
                require(
                        start >= 0 && size > 0 && start + size <= categories.size && node > last && node < nodes,
                        "tree " + index + " has categories outside their list");
                last = node;
            }
            for (int i = 0; i < categories.size; i++) {
                double category = categories.values[i];
                require(
                        category >= 0 && category < 1 << 24,
                        "tree " + index + " has category " + category); // the engine makes a bit for each
            }
            int next = 0;
            for (int node = 0; node < nodes; node++) {
                double type = list("split_type").values[node];
                boolean listed = next < ofNodes.size && ofNodes.values[next] == node;
                require(
                        type == (listed ? 1 : 0),
                        "tree " + index + " node " + node + " has split_type " + type + (listed ? " with" : " without")
                                + " categories");
                next += listed ? 1 : 0;
            }
        }

        private static void reach(boolean[] reached, double child, int index, int node) {
            require(
                    child > 0 && child < reached.length && child == (int) child && !reached[(int) child],
                    "tree " + index + " node " + node + " leads to "
                            + (child == (long) child ? Long.toString((long) child) : child));
            reached[(int) child] = true;
        }
    }

    private static final class Numbers {
        private double[] values = new double[16];
        private int size;

        private void add(double value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, size * 2);
            }
            values[size++] = value;
        }
    }
}
