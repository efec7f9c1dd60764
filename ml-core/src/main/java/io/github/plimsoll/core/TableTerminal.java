package io.github.plimsoll.core;

import io.github.plimsoll.core.internal.pack.SchemaComparison;
import io.github.plimsoll.core.model.Inference;
import io.github.plimsoll.core.model.InferencePlan;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.ModelPackage;
import io.github.plimsoll.core.model.Tensor;
import io.github.plimsoll.core.schema.Feature;
import io.github.plimsoll.core.schema.FeatureRow;
import io.github.plimsoll.core.schema.Output;
import io.github.plimsoll.core.schema.Schema;
import io.github.plimsoll.core.schema.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** A model that takes feature rows: fills its inputs, runs it, understands its output. */
final class TableTerminal<I, O> implements Terminal<I, O> {

    private static final int LISTED_FEATURES = 12;

    private final Model model;
    private final boolean owned;
    private final InferencePlan plan;
    private final InputBinding inputs;
    private final OutputDecoder<O> output;
    private final Optional<Class<?>> answerType;
    private final MlflowColumns columns;

    private TableTerminal(
            Model model,
            boolean owned,
            InferencePlan plan,
            InputBinding inputs,
            OutputDecoder<O> output,
            Optional<Class<?>> answerType,
            MlflowColumns columns) {
        this.model = model;
        this.owned = owned;
        this.plan = plan;
        this.inputs = inputs;
        this.output = output;
        this.answerType = answerType;
        this.columns = columns;
    }

    static <I, O> TableTerminal<I, O> open(ModelSource source, Schema<I> schema, Output<O> output) {
        Model model = source.open();
        try {
            List<String> mismatches = new ArrayList<>();
            ModelDescription description = model.description();
            model.origin()
                    .ifPresent(origin -> mismatches.addAll(SchemaComparison.mismatches(
                            origin.features(),
                            schema.features(),
                            description.signature().inputs().size() == 1)));
            InputBinding binding = InputBinding.of(description, schema.features(), mismatches);
            MlflowColumns columns = MlflowColumns.of(description, schema.features(), source.enforcement(), mismatches);
            OutputDecoder<O> decoder = OutputDecoder.of(description, output, mismatches);
            if (!mismatches.isEmpty()) {
                throw new ModelMismatchException(description.id().toString(), mismatches);
            }
            return new TableTerminal<>(
                    model,
                    source.isOwned(),
                    model.plan(List.of(Objects.requireNonNull(decoder).source())),
                    Objects.requireNonNull(binding),
                    decoder,
                    output.type(),
                    columns);
        } catch (RuntimeException | Error failure) {
            if (source.isOwned()) {
                model.close();
            }
            throw failure;
        }
    }

    @Override
    public ModelDescription description() {
        return model.description();
    }

    @Override
    public Optional<ModelPackage> modelPackage() {
        return model.origin();
    }

    @Override
    public Optional<Class<?>> answerType() {
        return answerType;
    }

    @Override
    public void answer(CallBatch<I, O> calls, long now, TimeSource time) {
        int from = 0;
        while (from < calls.size()) {
            int to = from + 1;
            int end = Math.min(calls.size(), from + plan.maxRows());
            while (to < end && inputs.sameShape(features(calls.get(from)), features(calls.get(to)))) {
                to++;
            }
            answerTogether(calls.range(from, to), from == 0 ? now : time.nanoTime(), time);
            from = to;
        }
    }

    private static FeatureRow features(Call<?, ?> call) {
        return Objects.requireNonNull(call.features());
    }

    private void answerTogether(CallBatch<I, O> calls, long start, TimeSource time) {
        boolean filled = false;
        try (Inference inference = plan.begin(calls.size())) {
            filled = fill(inference, calls);
            if (filled) {
                long begun = time.nanoTime();
                inference.run();
                long ran = time.nanoTime();
                understand(output.check(inference.output(0), calls.size()), calls);
                long end = time.nanoTime();
                for (int row = 0; row < calls.size(); row++) {
                    calls.get(row).measured(begun - start + end - ran, ran - begun, end);
                }
            }
        } catch (PredictionException failure) {
            failOpen(calls, failure);
        } catch (RuntimeException failure) {
            failOpen(
                    calls, new ModelExecutionException("model " + description().id() + " failed: " + failure, failure));
        }
        if (!filled) {
            CallBatch<I, O> rest = calls.open();
            if (rest.size() > 0) {
                answerTogether(rest, time.nanoTime(), time);
            }
        }
    }

    private void understand(Tensor answers, CallBatch<I, O> calls) {
        for (int row = 0; row < calls.size(); row++) {
            try {
                calls.get(row).answer(output.value(answers, row), Prediction.Source.MODEL);
            } catch (ModelOutputException failure) {
                calls.get(row).fail(failure);
            }
        }
    }

    /** Fills the inputs; false if a row cannot be given to the model, whose call has then failed. */
    private boolean fill(Inference inference, CallBatch<I, O> calls) {
        inputs.begin(inference, features(calls.get(0)), calls.size());
        boolean filled = true;
        for (int row = 0; row < calls.size(); row++) {
            Call<I, O> call = calls.get(row);
            List<Violation> violations = columns.check(features(call));
            Violation violation = violations.isEmpty() ? inputs.fill(inference, features(call), row) : null;
            if (violation != null) {
                violations = List.of(violation);
            }
            if (!violations.isEmpty()) {
                call.fail(new InvalidInputException(violations));
                filled = false;
            }
        }
        return filled;
    }

    private static void failOpen(CallBatch<?, ?> calls, PredictionException failure) {
        for (Call<?, ?> call : calls) {
            if (call.isOpen()) {
                call.fail(failure);
            }
        }
    }

    @Override
    public String summary() {
        List<Feature> features = inputs.features();
        String listed =
                features.stream().limit(LISTED_FEATURES).map(Feature::toString).collect(Collectors.joining("\n     "));
        int more = features.size() - LISTED_FEATURES;
        return "from " + listed + (more > 0 ? "\n     and " + more + " more" : "") + "\nto   " + output;
    }

    @Override
    public void close() {
        if (owned) {
            model.close();
        }
    }
}
