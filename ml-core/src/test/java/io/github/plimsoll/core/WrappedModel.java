package io.github.plimsoll.core;

import io.github.plimsoll.core.fake.FakeModel;
import io.github.plimsoll.core.model.ElementType;
import io.github.plimsoll.core.model.Inference;
import io.github.plimsoll.core.model.InferencePlan;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.ModelSignature;
import io.github.plimsoll.core.model.Tensor;
import io.github.plimsoll.core.model.TensorSpec;
import java.nio.DoubleBuffer;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A fake model with what {@link FakeModel} has not: metadata, labelled outputs, outputs of the wrong size. */
final class WrappedModel implements Model {

    private final FakeModel model;
    private final ModelDescription description;
    private final Function<Tensor, Tensor> outputs;

    private WrappedModel(FakeModel model, ModelDescription description, Function<Tensor, Tensor> outputs) {
        this.model = model;
        this.description = description;
        this.outputs = outputs;
    }

    static WrappedModel withMetadata(FakeModel model, Map<String, String> metadata) {
        ModelDescription d = model.description();
        return new WrappedModel(
                model,
                new ModelDescription(d.id(), d.engine(), d.engineVersion(), d.execution(), d.signature(), metadata),
                Function.identity());
    }

    /** The model, with its only output's tensors replaced after each run. */
    static WrappedModel answering(FakeModel model, Function<Tensor, Tensor> outputs) {
        return new WrappedModel(model, model.description(), outputs);
    }

    /** The model, whose only output, of one column, is declared to map labels to numbers and has what the function gives. */
    static WrappedModel labelled(FakeModel model, List<String> labels, Function<Double, double[]> columns) {
        ModelDescription d = model.description();
        ModelSignature signature = new ModelSignature(
                d.signature().inputs(),
                List.of(TensorSpec.labelled(d.signature().outputs().get(0).name(), ElementType.FLOAT64)));
        return new WrappedModel(
                model,
                new ModelDescription(d.id(), d.engine(), d.engineVersion(), d.execution(), signature, Map.of()),
                tensor -> {
                    DoubleBuffer all = DoubleBuffer.allocate(tensor.rows() * labels.size());
                    for (int row = 0; row < tensor.rows(); row++) {
                        all.put(columns.apply(tensor.number(row)));
                    }
                    return Tensor.labelled(labels, all, tensor.rows());
                });
    }

    @Override
    public ModelDescription description() {
        return description;
    }

    @Override
    public InferencePlan plan(List<String> names) {
        InferencePlan plan = model.plan(names);
        return new InferencePlan() {
            @Override
            public Inference begin(int rows) {
                return new WrappedInference(plan.begin(rows));
            }

            @Override
            public int maxRows() {
                return plan.maxRows();
            }
        };
    }

    @Override
    public void close() {
        model.close();
    }

    private final class WrappedInference implements Inference {

        private final Inference inference;

        private WrappedInference(Inference inference) {
            this.inference = inference;
        }

        @Override
        public Tensor input(int index) {
            return inference.input(index);
        }

        @Override
        public Tensor input(int index, long... shape) {
            return inference.input(index, shape);
        }

        @Override
        public void run() {
            inference.run();
        }

        @Override
        public Tensor output(int index) {
            return outputs.apply(inference.output(index));
        }

        @Override
        public void close() {
            inference.close();
        }
    }
}
