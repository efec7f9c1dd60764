package io.github.plimsoll.validation.audit;

import io.github.plimsoll.validation.audit.Finding.Kind;
import io.github.plimsoll.validation.audit.Finding.Severity;
import io.github.plimsoll.validation.data.Anomaly;
import io.github.plimsoll.validation.data.Anomaly.Example;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Rows whose label a model fitted to the other rows contradicts. */
final class LabelErrors {

    // Confident learning (Northcutt, Jiang, Chuang: Confident Learning: Estimating Uncertainty in Dataset Labels, 2021,
    // section 3.1). The threshold of a class is the mean probability that the model gives it over the rows labelled
    // with it. A row is suspected if, of the classes whose probability reaches their threshold, the most probable is
    // not its label. A threshold per class makes up for a model that is surer of one class than of others.
    //
    // The model is a multinomial logistic regression on features cut into cells, so that it follows any shape of one
    // feature, and every row is judged by one that has not seen it. Naive Bayes would be simpler, but counts features
    // that say the same twice, is then too sure of itself, and the thresholds rest on its probabilities.

    private static final int FEWEST_ROWS = 100;
    private static final int FEWEST_OF_A_CLASS = 10;
    private static final int MOST_CLASSES = 50;
    private static final int MOST_FEATURES = 64;
    private static final int CELLS = 16;
    private static final int ROUNDS = 10;
    private static final double STEP = 0.3;
    private static final double SHRINK = 1e-5;
    private static final double MOST_SUSPECTED = 0.01;
    private static final double NEARLY_APART = 0.8;

    private final Label label;
    private final int[][] inputs; // of each labelled row: the places of its weights
    private final int weights;
    private final double step;

    private record Suspect(int row, int given, int likely, double margin, double probability) {}

    /**
     * Makes ready.
     *
     * @param features the features, from the most telling on
     */
    LabelErrors(Label label, List<Sample.Column> features) {
        this.label = label;
        List<Sample.Column> used = features.subList(0, Math.min(MOST_FEATURES, features.size()));
        int[] rows = label.rows();
        inputs = new int[rows.length][used.size()];
        int offset = 0;
        for (int f = 0; f < used.size(); f++) {
            int[] cells = used.get(f).cells(CELLS);
            for (int i = 0; i < rows.length; i++) {
                inputs[i][f] = offset + cells[rows[i]];
            }
            offset += Arrays.stream(cells).max().orElse(0) + 1;
        }
        weights = offset;
        step = STEP / Math.sqrt(Math.max(1, used.size())); // the weights of a row move together
    }

    boolean isPossible() {
        long[] counts = new long[label.classCount()];
        Arrays.stream(label.classes()).forEach(c -> counts[c]++);
        return label.classes().length >= FEWEST_ROWS
                && counts.length <= MOST_CLASSES
                && Arrays.stream(counts).allMatch(count -> count >= FEWEST_OF_A_CLASS)
                && inputs[0].length > 0;
    }

    List<Finding> find(Sample sample) {
        double[][] probabilities = outOfFold();
        int[] classes = label.classes();
        int count = label.classCount();
        double[] thresholds = new double[count];
        long[] sizes = new long[count];
        double told = 0;
        double all = 0;
        for (int i = 0; i < classes.length; i++) {
            thresholds[classes[i]] += probabilities[i][classes[i]];
            sizes[classes[i]]++;
        }
        for (int c = 0; c < count; c++) {
            thresholds[c] /= sizes[c];
        }
        List<Suspect> suspects = new ArrayList<>();
        for (int i = 0; i < classes.length; i++) {
            told -= Math.log(Math.max(1e-12, probabilities[i][classes[i]]));
            all -= Math.log((double) sizes[classes[i]] / classes.length);
            int likely = -1;
            for (int c = 0; c < count; c++) {
                boolean reaches = probabilities[i][c] >= thresholds[c];
                if (reaches && (likely < 0 || probabilities[i][c] > probabilities[i][likely])) {
                    likely = c;
                }
            }
            if (likely >= 0 && likely != classes[i]) {
                double margin = probabilities[i][likely] - probabilities[i][classes[i]];
                suspects.add(new Suspect(label.rows()[i], classes[i], likely, margin, probabilities[i][likely]));
            }
        }
        return suspects.isEmpty() ? List.of() : List.of(finding(sample, suspects, 1 - told / all));
    }

    private Finding finding(Sample sample, List<Suspect> suspects, double strength) {
        double share = (double) suspects.size() / label.classes().length;
        List<Example> examples = suspects.stream()
                .sorted(Comparator.comparingDouble(Suspect::margin).reversed())
                .limit(Anomaly.MOST_EXAMPLES)
                .map(suspect -> new Example(sample.line(suspect.row), words(suspect)))
                .toList();
        boolean apart = strength >= NEARLY_APART;
        String sentence =
                suspects.size() + (suspects.size() == 1 ? " label" : " labels") + " (" + ColumnFindings.percent(share)
                        + ") contradicted by a model of the other rows, which tells "
                        + ColumnFindings.percent(Math.max(0, strength))
                        + " of the label";
        return new Finding(
                Kind.LABEL_ERRORS,
                apart && share > MOST_SUSPECTED ? Severity.WARNING : Severity.INFO,
                List.of(label.column().name()),
                suspects.size(),
                share,
                Math.max(0, strength),
                sentence,
                examples);
    }

    private String words(Suspect suspect) {
        ColumnScan scan = label.column().scan();
        return scan.shown(label.column().categories().get(suspect.given)) + ", rather "
                + scan.shown(label.column().categories().get(suspect.likely)) + " with probability "
                + Math.round(suspect.probability * 100) / 100.0;
    }

    private double[][] outOfFold() {
        double[][] probabilities = new double[inputs.length][];
        for (int fold = 0; fold < Label.FOLDS; fold++) {
            TableScan.checkInterrupt();
            double[][] model = fit(fold);
            for (int i = 0; i < inputs.length; i++) {
                if (label.folds()[i] == fold) {
                    probabilities[i] = predict(model, inputs[i]);
                }
            }
        }
        return probabilities;
    }

    /** Stochastic gradient descent with AdaGrad's step for each weight, averaged over the second half of the rounds. */
    private double[][] fit(int leftOut) {
        int classes = label.classCount();
        double[][] model = new double[weights][classes];
        double[][] squares = new double[weights][classes];
        double[][] mean = new double[weights][classes];
        int averaged = 0;
        for (int round = 0; round < ROUNDS; round++) {
            for (int i : label.order()) { // a table sorted by label would teach one class after the other
                if (label.folds()[i] != leftOut) {
                    step(model, squares, inputs[i], label.classes()[i]);
                }
            }
            if (round >= ROUNDS / 2) {
                averaged++;
                for (int w = 0; w < weights; w++) {
                    for (int c = 0; c < classes; c++) {
                        mean[w][c] += (model[w][c] - mean[w][c]) / averaged;
                    }
                }
            }
        }
        return mean;
    }

    private void step(double[][] model, double[][] squares, int[] input, int truth) {
        double[] probabilities = predict(model, input);
        for (int c = 0; c < probabilities.length; c++) {
            double error = probabilities[c] - (c == truth ? 1 : 0);
            for (int w : input) {
                double gradient = error + SHRINK * model[w][c];
                squares[w][c] += gradient * gradient;
                model[w][c] -= step * gradient / Math.sqrt(1e-8 + squares[w][c]);
            }
        }
    }

    private static double[] predict(double[][] model, int[] input) {
        double[] scores = new double[model[0].length];
        for (int w : input) {
            for (int c = 0; c < scores.length; c++) {
                scores[c] += model[w][c];
            }
        }
        double largest = Arrays.stream(scores).max().orElse(0);
        double sum = 0;
        for (int c = 0; c < scores.length; c++) {
            scores[c] = Math.exp(scores[c] - largest);
            sum += scores[c];
        }
        for (int c = 0; c < scores.length; c++) {
            scores[c] /= sum;
        }
        return scores;
    }
}
