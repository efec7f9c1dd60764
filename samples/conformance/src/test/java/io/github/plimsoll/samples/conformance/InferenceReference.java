package io.github.plimsoll.samples.conformance;

import static io.github.plimsoll.samples.conformance.TwoSampleTests.result;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.plimsoll.validation.stats.CochranQ;
import io.github.plimsoll.validation.stats.Correction;
import io.github.plimsoll.validation.stats.Interval;
import io.github.plimsoll.validation.stats.McNemar;
import io.github.plimsoll.validation.stats.PValueAdjustment;
import io.github.plimsoll.validation.stats.PValueCombination;
import io.github.plimsoll.validation.stats.Proportion;
import io.github.plimsoll.validation.stats.Proportion.IntervalMethod;
import io.github.plimsoll.validation.stats.TTest;
import io.github.plimsoll.validation.stats.WilcoxonSignedRank;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/** {@code inference.json}: multiple testing, paired tests and proportions. */
final class InferenceReference implements ReferenceFile {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double LEVEL = 0.95;

    private static final Map<String, PValueAdjustment> ADJUSTMENTS = Map.of(
            "bonferroni", PValueAdjustment.BONFERRONI,
            "sidak", PValueAdjustment.SIDAK,
            "holm-sidak", PValueAdjustment.HOLM_SIDAK,
            "holm", PValueAdjustment.HOLM,
            "simes-hochberg", PValueAdjustment.HOCHBERG,
            "hommel", PValueAdjustment.HOMMEL,
            "fdr_bh", PValueAdjustment.BENJAMINI_HOCHBERG,
            "fdr_by", PValueAdjustment.BENJAMINI_YEKUTIELI,
            "fdr_tsbh", PValueAdjustment.TWO_STAGE_BENJAMINI_HOCHBERG,
            "fdr_tsbky", PValueAdjustment.TWO_STAGE_BENJAMINI_KRIEGER_YEKUTIELI);

    private static final Map<String, IntervalMethod> INTERVALS = Map.of(
            "normal", IntervalMethod.WALD,
            "agresti_coull", IntervalMethod.AGRESTI_COULL,
            "beta", IntervalMethod.CLOPPER_PEARSON,
            "wilson", IntervalMethod.WILSON,
            "jeffreys", IntervalMethod.JEFFREYS);

    private static final List<String> INPUTS = List.of("pvalues", "alpha", "table", "count", "counts", "n", "a", "b");

    @Override
    public String path() {
        return "expected/inference.json";
    }

    @Override
    public List<Check> checks(JsonNode content, Tables tables) {
        List<Check> checks = new ArrayList<>();
        for (Map.Entry<String, JsonNode> part : content.properties()) {
            int number = 0;
            for (JsonNode entry : part.getValue()) {
                String name = part.getKey() + "[" + number++ + "] ";
                for (Map.Entry<String, JsonNode> wanted :
                        answers(part.getKey(), entry).properties()) {
                    checks.add(new Check(
                            name + wanted.getKey(),
                            answer(part.getKey(), entry, wanted.getKey()),
                            renamed(wanted.getValue()),
                            Tolerance.reference()));
                }
            }
        }
        return checks;
    }

    /** Of one entry, without its inputs. Cochran's Q has its numbers beside them. */
    private static ObjectNode answers(String part, JsonNode entry) {
        ObjectNode answers = entry.deepCopy();
        answers.remove(INPUTS);
        if (part.equals("mcnemar")
                && entry.at("/table/0/1").asLong() + entry.at("/table/1/0").asLong() == 0) {
            // Nothing to compare: the reference divides by zero and is sure of a difference, we say that there is no
            // answer.
            answers.putObject("chi2_corrected").put("statistic", "NaN").put("pvalue", "NaN");
        }
        return part.equals("cochran_q") ? JSON.createObjectNode().set("q", answers) : answers;
    }

    private static JsonNode renamed(JsonNode wanted) {
        if (wanted instanceof ObjectNode object) {
            NumericReference.rename(object, "pvalue", "p_value");
            NumericReference.rename(object, "df", "dof");
        }
        return wanted;
    }

    private static Callable<?> answer(String part, JsonNode entry, String quantity) {
        return () -> switch (part) {
            case "multiple_testing" -> multipleTesting(entry, quantity);
            case "mcnemar" -> mcNemar(entry, quantity);
            case "proportion_intervals" -> interval(entry, quantity);
            case "proportion_ztests" -> zTest(entry);
            case "paired" -> paired(entry, quantity);
            case "cochran_q" -> result(CochranQ.test(rows(entry)));
            default -> throw new Unsupported("'" + part + "'");
        };
    }

    private static Object multipleTesting(JsonNode entry, String quantity) {
        double[] p = Numbers.read(entry.get("pvalues"), Map.of());
        double alpha = entry.path("alpha").asDouble();
        if (quantity.startsWith("combine_")) {
            String name = quantity.substring("combine_".length()).toUpperCase(Locale.ROOT);
            if (Arrays.stream(PValueCombination.values())
                    .noneMatch(known -> known.name().equals(name))) {
                throw new Unsupported("'" + quantity + "'");
            }
            return result(PValueCombination.valueOf(name).combine(p));
        }
        PValueAdjustment adjustment = ADJUSTMENTS.get(quantity);
        if (adjustment == null) {
            throw new Unsupported("'" + quantity + "'");
        }
        return Map.of("adjusted", adjustment.adjust(p, alpha), "reject", asNumbers(adjustment.reject(p, alpha)));
    }

    private static int[] asNumbers(boolean[] values) {
        int[] numbers = new int[values.length];
        for (int i = 0; i < values.length; i++) {
            numbers[i] = values[i] ? 1 : 0;
        }
        return numbers;
    }

    private static Object mcNemar(JsonNode entry, String quantity) {
        long onlyFirst = entry.at("/table/0/1").asLong();
        long onlySecond = entry.at("/table/1/0").asLong();
        return switch (quantity) {
            case "exact" -> result(McNemar.exact(onlyFirst, onlySecond));
            case "chi2_corrected" -> result(McNemar.chiSquare(onlyFirst, onlySecond, Correction.CONTINUITY));
            case "chi2_plain" -> result(McNemar.chiSquare(onlyFirst, onlySecond, Correction.NONE));
            default -> throw new Unsupported("'" + quantity + "'");
        };
    }

    private static Object interval(JsonNode entry, String quantity) {
        IntervalMethod method = INTERVALS.get(quantity);
        if (method == null) {
            throw new Unsupported("'" + quantity + "'");
        }
        Interval interval = Proportion.interval(
                entry.path("count").asLong(), entry.path("n").asLong(), LEVEL, method);
        return new double[] {interval.lower(), interval.upper()};
    }

    private static Object zTest(JsonNode entry) {
        return result(Proportion.zTest(
                entry.at("/counts/0").asLong(),
                entry.at("/n/0").asLong(),
                entry.at("/counts/1").asLong(),
                entry.at("/n/1").asLong()));
    }

    private static Object paired(JsonNode entry, String quantity) {
        double[] a = Numbers.read(entry.get("a"), Map.of());
        double[] b = Numbers.read(entry.get("b"), Map.of());
        return switch (quantity) {
            case "paired_t" -> result(TTest.paired(a, b));
            case "wilcoxon_exact_or_auto" -> result(WilcoxonSignedRank.paired(a, b));
            case "corrected_resampled_t_rho_1_over_9" -> result(TTest.correctedResampled(a, b, 1.0 / 9));
            default -> throw new Unsupported("'" + quantity + "'");
        };
    }

    private static boolean[][] rows(JsonNode entry) {
        double[][] table = Numbers.readRows(entry.get("table"));
        boolean[][] rows = new boolean[table.length][];
        for (int i = 0; i < table.length; i++) {
            rows[i] = new boolean[table[i].length];
            for (int j = 0; j < rows[i].length; j++) {
                rows[i][j] = table[i][j] == 1;
            }
        }
        return rows;
    }
}
