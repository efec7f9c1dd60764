package io.github.plimsoll.core.internal.booster;

import io.github.plimsoll.core.ModelLoadException;
import io.github.plimsoll.core.internal.Json;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.TensorSpec;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a LightGBM text model says of itself, and whether its trees can be walked without leaving them: the engine believes every
 * index in the file, and a wrong one reads memory that is not the model's, or goes round for ever.
 */
final class LightgbmFile {

    private static final int MAX_FEATURES = 1 << 20;
    private static final int MAX_CLASSES = 1 << 14;
    private static final Set<String> FOR_EACH_NODE = Set.of(
            "split_feature",
            "split_gain",
            "threshold",
            "decision_type",
            "left_child",
            "right_child",
            "internal_value",
            "internal_weight",
            "internal_count");
    private static final Set<String> FOR_EACH_LEAF =
            Set.of("leaf_value", "leaf_weight", "leaf_count", "leaf_const", "num_features");
    private static final String END_OF_TREES = "end of trees";

    private final String text;
    private final Map<String, String> header = new HashMap<>();
    private final int features;
    private final int classes;
    private int at;
    private int trees;
    private int sizesStart;
    private int sizesEnd;
    private String pandasCategories = ""; // those that pandas turned into codes, as JSON

    private LightgbmFile(String text) {
        this.text = text;
        int firstTree = readHeader();
        features = number("max_feature_idx") + 1;
        classes = number("num_class");
        require(features >= 1 && features <= MAX_FEATURES, "max_feature_idx is " + (features - 1));
        require(classes >= 1 && classes <= MAX_CLASSES, "num_class is " + classes);
        require(
                number("num_tree_per_iteration") == classes,
                "num_tree_per_iteration is " + header.get("num_tree_per_iteration") + " for num_class " + classes);
        int stated = objectiveClasses();
        require(stated < 0 || stated == classes, "the objective has " + stated + " classes, num_class is " + classes);
        require(
                featureNames().size() == features,
                featureNames().size() + " feature_names for max_feature_idx " + (features - 1));
        readTrees(firstTree);
        readRest();
    }

    /** Whether a file's first bytes are those of a model. */
    static boolean isModel(byte[] head) {
        String start = new String(head, 0, Math.min(head.length, 16), StandardCharsets.ISO_8859_1);
        return start.startsWith("tree\n") || start.startsWith("tree\r\n");
    }

    /** Reads all of a file. {@code wanted} is such as {@code model /a/b.txt}. */
    static LightgbmFile read(byte[] bytes, String wanted) {
        try {
            return new LightgbmFile(new String(bytes, StandardCharsets.UTF_8));
        } catch (Broken e) {
            throw new ModelLoadException(
                    wanted + " (" + bytes.length + " bytes): no whole LightGBM model: " + e.getMessage()
                            + " (expected: a file that LightGBM's save_model has written, byte for byte)",
                    e);
        }
    }

    private boolean hasLine() {
        return at < text.length();
    }

    private String line() {
        int end = text.indexOf('\n', at);
        String line = text.substring(at, end < 0 ? text.length() : end);
        at = end < 0 ? text.length() : end + 1;
        return line;
    }

    /** Reads to the first tree, and gives where that begins. */
    private int readHeader() {
        require(line().equals("tree"), "the first line is not 'tree', or its line ends were changed");
        while (hasLine()) {
            int start = at;
            String line = line();
            if (line.startsWith("Tree=") || line.equals(END_OF_TREES)) {
                at = start;
                return start;
            }
            if (line.startsWith("tree_sizes=")) {
                sizesStart = start;
                sizesEnd = at;
            }
            put(header, line);
        }
        throw new Broken("no trees");
    }

    private static void put(Map<String, String> to, String line) {
        int equals = line.indexOf('=');
        if (equals > 0) {
            String key = line.substring(0, equals);
            require(to.put(key, line.substring(equals + 1)) == null, key + " is there twice");
        }
    }

    private void readTrees(int firstTree) {
        int[] sizes = header.containsKey("tree_sizes") ? integers(header, "tree_sizes") : null;
        long expected = firstTree;
        while (hasLine()) {
            int start = at;
            String line = line();
            if (line.isEmpty()) {
                continue;
            }
            boolean end = line.equals(END_OF_TREES);
            require(end || line.equals("Tree=" + trees), "no tree " + trees + " but '" + shortened(line) + "'");
            if (sizes != null) {
                require(
                        start == expected && (end ? trees == sizes.length : trees < sizes.length),
                        "tree " + trees + " is not where tree_sizes has it");
                expected += end ? 0 : sizes[trees];
            }
            if (end) {
                require(trees > 0 && trees % classes == 0, trees + " trees for num_class " + classes);
                return;
            }
            check(readTree());
            trees++;
        }
        throw new Broken("ends in tree " + trees);
    }

    /** The lines to the next empty one. */
    private Map<String, String> readTree() {
        Map<String, String> tree = new HashMap<>();
        while (hasLine()) {
            String line = line();
            if (line.isEmpty()) {
                return tree;
            }
            require(line.indexOf('=') > 0, "tree " + trees + " has the line '" + shortened(line) + "'");
            put(tree, line);
        }
        throw new Broken("ends in tree " + trees);
    }

    private static String shortened(String line) {
        return line.length() <= 40 ? line : line.substring(0, 40) + "...";
    }

    private void readRest() {
        while (hasLine()) {
            String line = line();
            if (line.startsWith("pandas_categorical:")) {
                String categories =
                        line.substring("pandas_categorical:".length()).strip();
                pandasCategories = categories.equals("null") || categories.equals("[]") ? "" : categories;
            }
        }
    }

    private void check(Map<String, String> tree) {
        int leaves = integers(tree, "num_leaves", 1)[0];
        require(leaves >= 1 && leaves <= text.length(), where("num_leaves", leaves));
        values(tree, "leaf_value", leaves);
        int nodes = leaves - 1;
        require(tree.containsKey("num_cat"), "tree " + trees + " has no num_cat");
        for (String name : tree.keySet()) {
            if (FOR_EACH_NODE.contains(name)) {
                values(tree, name, nodes);
            } else if (FOR_EACH_LEAF.contains(name)) {
                values(
                        tree,
                        name,
                        nodes == 0 && tree.get(name).isBlank() ? 0 : leaves); // as LightGBM leaves out a weight
            } else {
                values(tree, name, parts(tree, name).length);
            }
        }
        if (nodes > 0) {
            int[] left = integers(tree, "left_child", nodes);
            int[] right = integers(tree, "right_child", nodes);
            boolean[] reachedNode = new boolean[nodes];
            boolean[] reachedLeaf = new boolean[leaves];
            reachedNode[0] = true; // nothing may lead back to the root
            for (int node = 0; node < nodes; node++) {
                reach(reachedNode, reachedLeaf, left[node]);
                reach(reachedNode, reachedLeaf, right[node]);
            }
            for (int feature : integers(tree, "split_feature", nodes)) {
                require(feature >= 0 && feature < features, where("split_feature", feature));
            }
            String[] thresholds = values(tree, "threshold", nodes);
            int[] decisions =
                    tree.containsKey("decision_type") ? integers(tree, "decision_type", nodes) : new int[nodes];
            checkCategories(tree, decisions, thresholds);
        }
        if ("1".equals(tree.get("is_linear"))) {
            values(tree, "leaf_const", leaves);
            int used = 0;
            for (int count : integers(tree, "num_features", leaves)) {
                require(count >= 0 && count <= features, where("num_features", count));
                used += count;
            }
            for (int feature : integers(tree, "leaf_features", used)) {
                require(feature >= 0 && feature < features, where("leaf_features", feature));
            }
            values(tree, "leaf_coeff", used);
        }
    }

    private void checkCategories(Map<String, String> tree, int[] decisions, String[] thresholds) {
        int count = tree.containsKey("num_cat") ? integers(tree, "num_cat", 1)[0] : 0;
        require(count >= 0 && count <= decisions.length, where("num_cat", count));
        if (count > 0) {
            int[] bounds = integers(tree, "cat_boundaries", count + 1);
            int last = 0;
            require(bounds[0] == 0, where("cat_boundaries", bounds[0]));
            for (int bound : bounds) {
                require(bound >= last, where("cat_boundaries", bound));
                last = bound;
            }
            values(tree, "cat_threshold", last);
        }
        for (int node = 0; node < decisions.length; node++) {
            if ((decisions[node] & 1) != 0) { // then the threshold is an index
                double index = Double.parseDouble(thresholds[node]);
                require(index >= 0 && index < count, where("threshold of a category", thresholds[node]));
            }
        }
    }

    private void reach(boolean[] nodes, boolean[] leaves, int child) {
        boolean[] among = child >= 0 ? nodes : leaves;
        int index = child >= 0 ? child : ~child;
        require(index < among.length && !among[index], where("child", child));
        among[index] = true;
    }

    private String where(String name, Object value) {
        return "tree " + trees + " has " + name + " " + value;
    }

    private int number(String name) {
        return integers(header, name, 1)[0];
    }

    private int[] integers(Map<String, String> from, String name, int count) {
        int[] integers = integers(from, name);
        require(integers.length == count, name + " has " + integers.length + " numbers, not " + count);
        return integers;
    }

    private int[] integers(Map<String, String> from, String name) {
        String[] parts = parts(from, name);
        int[] integers = new int[parts.length];
        for (int i = 0; i < parts.length; i++) {
            try {
                integers[i] = Integer.parseInt(parts[i]);
            } catch (NumberFormatException e) {
                throw new Broken(name + " has '" + parts[i] + "'");
            }
        }
        return integers;
    }

    private String[] values(Map<String, String> from, String name, int count) {
        String[] parts = parts(from, name);
        require(parts.length == count, "tree " + trees + " has " + parts.length + " of " + name + ", not " + count);
        for (String part : parts) {
            require(isNumber(part), "tree " + trees + " has '" + shortened(part) + "' in " + name);
        }
        return parts;
    }

    private static boolean isNumber(String part) {
        for (int i = 0; i < part.length(); i++) {
            if ("0123456789+-.e".indexOf(part.charAt(i)) < 0) {
                return part.equals("inf") || part.equals("-inf") || part.equals("nan") || part.equals("-nan");
            }
        }
        try {
            Double.parseDouble(part);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static String[] parts(Map<String, String> from, String name) {
        String value = from.get(name);
        if (value == null) {
            throw new Broken("no " + name);
        }
        return value.isBlank() ? new String[0] : value.strip().split(" +");
    }

    /** The number of classes that the objective states, -1 for none. */
    private int objectiveClasses() {
        for (String part : objective().split(" +", -1)) {
            if (part.startsWith("num_class:")) {
                try {
                    return Integer.parseInt(part.substring("num_class:".length()));
                } catch (NumberFormatException e) {
                    throw new Broken("objective has '" + part + "'");
                }
            }
        }
        return -1;
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new Broken(otherwise);
        }
    }

    /**
     * The whole file but for {@code tree_sizes}. With it, the engine reads trees on all processors at once, where a failure ends the
     * process.
     */
    String text() {
        return text.substring(0, sizesStart) + text.substring(sizesEnd);
    }

    int features() {
        return features;
    }

    int classes() {
        return classes;
    }

    /** What comes out. */
    TensorSpec output() {
        String name = switch (objective().split(" ", 2)[0]) {
            case "binary", "cross_entropy" -> "probability";
            case "multiclass", "multiclassova" -> "probabilities";
            default -> "prediction";
        };
        return Booster.output(name, ElementType.FLOAT64, classes);
    }

    /** What else is known of the model. */
    Map<String, String> metadata() {
        Map<String, String> facts = new HashMap<>();
        facts.put("objective", objective());
        facts.put("trees", Integer.toString(trees));
        facts.put("format", header.getOrDefault("version", "unknown"));
        if (isNamed()) {
            facts.put("feature_names", Json.array(featureNames()));
        }
        if (!pandasCategories.isEmpty()) {
            facts.put("pandas_categorical", pandasCategories);
        }
        return facts;
    }

    /** Such as {@code binary sigmoid:1}, empty for one of the trainer's own. */
    private String objective() {
        return header.getOrDefault("objective", "").strip();
    }

    private List<String> featureNames() {
        return List.of(parts(header, "feature_names"));
    }

    /** Whether the trainer had names for the features. */
    private boolean isNamed() {
        List<String> numbered = new ArrayList<>();
        for (int i = 0; i < features; i++) {
            numbered.add("Column_" + i);
        }
        return !featureNames().equals(numbered);
    }

    private static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Broken(String message) {
            super(message, null, false, false);
        }
    }
}
