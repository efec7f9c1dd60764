package io.github.plimsoll.core.internal;

import io.github.plimsoll.core.ModelClosedException;
import io.github.plimsoll.core.model.Inference;
import io.github.plimsoll.core.model.InferencePlan;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.Tensor;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model that may be closed while it runs: the model beneath is closed when the last inference has been.
 *
 * <p>Without it, closing a session under a running call ends the process with a segmentation fault, in every version of
 * ONNX Runtime that was tried.
 */
public final class LeasedModel implements Model {

    private static final Logger LOG = LoggerFactory.getLogger(LeasedModel.class);

    private final Model model;
    private final ModelDescription description;
    private final Lease lease;
    private final @Nullable Semaphore turns;

    LeasedModel(Model model) {
        this(model, 0);
    }

    /** A model that runs a number of inferences at once, 0 for any. */
    LeasedModel(Model model, int concurrentCalls) {
        this.model = model;
        turns = concurrentCalls == 0 ? null : new Semaphore(concurrentCalls);
        description = model.description();
        lease = new Lease(this::free);
    }

    private void free() {
        try {
            model.close();
        } catch (RuntimeException e) {
            // Whoever ends the last call must get the answer of that call, not this.
            LOG.warn("model {} could not be closed", description.id(), e);
        }
    }

    @Override
    public ModelDescription description() {
        return description;
    }

    @Override
    public InferencePlan plan(List<String> outputs) {
        acquire();
        try {
            return new LeasedPlan(model.plan(outputs));
        } finally {
            lease.release();
        }
    }

    @Override
    public void close() {
        lease.retire();
    }

    private void acquire() {
        if (!lease.acquire()) {
            throw new ModelClosedException(description.id().toString());
        }
    }

    private final class LeasedPlan implements InferencePlan {
        private final InferencePlan plan;
        private final int maxRows;

        private LeasedPlan(InferencePlan plan) {
            this.plan = plan;
            maxRows = plan.maxRows();
        }

        @Override
        public Inference begin(int rows) {
            acquire();
            Inference inference = null;
            try {
                inference = plan.begin(rows);
                return new LeasedInference(inference, lease, turns);
            } finally {
                if (inference == null) {
                    lease.release();
                }
            }
        }

        @Override
        public int maxRows() {
            return maxRows;
        }
    }

    /**
     * One use of the model. This small object, new for each use, is what makes a second close, or a use after close,
     * harmless: what it stands for may by then serve another call.
     */
    private static final class LeasedInference implements Inference {
        private final Lease lease;
        private final @Nullable Semaphore turns;
        private @Nullable Inference inference;

        private LeasedInference(Inference inference, Lease lease, @Nullable Semaphore turns) {
            this.turns = turns;
            this.inference = inference;
            this.lease = lease;
        }

        @Override
        public Tensor input(int index) {
            return open().input(index);
        }

        @Override
        public Tensor input(int index, long... shape) {
            return open().input(index, shape);
        }

        @Override
        public void run() {
            Inference open = open();
            if (turns == null) {
                open.run();
                return;
            }
            turns.acquireUninterruptibly(); // who has a turn computes and gives it back
            try {
                open.run();
            } finally {
                turns.release();
            }
        }

        @Override
        public Tensor output(int index) {
            return open().output(index);
        }

        @Override
        public void close() {
            Inference open = inference;
            if (open == null) {
                return;
            }
            inference = null;
            try {
                open.close();
            } finally {
                lease.release();
            }
        }

        private Inference open() {
            Inference open = inference;
            if (open == null) {
                throw new IllegalStateException("inference: closed (expected: use before close)");
            }
            return open;
        }
    }
}
