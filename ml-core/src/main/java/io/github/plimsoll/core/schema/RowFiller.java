package io.github.plimsoll.core.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Writes some of the features of one kind of input, by code that was made for it. Thread-safe. */
abstract class RowFiller {

    // Twenty accessors called one by one from a loop are twenty calls that the JIT compiler cannot see through: 50 to
    // 170 ns a row, the more the more schemas there are. So the accessors are chained into one method handle, and the
    // handle becomes a constant of a class made for it, a hidden copy of Fused: the compiler treats a constant handle
    // as if its steps had been written out in the source, and the same row takes a tenth of the time. It also needs
    // nothing of the input's class but a lookup that sees its getters, where lambdas would need full access, which no
    // other module can give.

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

    /** The most features one class writes: more than the compiler takes in at once would be slower than a loop. */
    private static final int MOST_STEPS = 64;

    private static final MethodHandle NUMBER = writer("number", int.class, double.class);
    private static final MethodHandle INTEGER = writer("integer", int.class, long.class);
    private static final MethodHandle BOOL = writer("bool", int.class, boolean.class);
    private static final MethodHandle OBJECT = writer("object", int.class, Object.class);
    private static final MethodHandle CONSTANT = writer("constant", int.class, int[].class, Enum.class);

    /** Writes its features; throws what an accessor throws. */
    abstract void fill(RowWriter row, Object input) throws Throwable;

    /** Fillers that together call the accessors in their order, one for each of the layout's features. */
    static RowFiller[] of(SchemaLayout layout, List<Accessor> accessors) {
        List<RowFiller> fillers = new ArrayList<>();
        List<MethodHandle> steps = new ArrayList<>();
        for (int i = 0; i < accessors.size(); i++) {
            steps.add(step(layout.feature(i), i, accessors.get(i)));
            if (steps.size() == MOST_STEPS || i == accessors.size() - 1) {
                fillers.add(fused(chained(steps)));
                steps.clear();
            }
        }
        return fillers.toArray(RowFiller[]::new);
    }

    private static RowFiller fused(MethodHandle steps) {
        String file =
                Fused.class.getName().substring(Fused.class.getPackageName().length() + 1) + ".class";
        try (InputStream template = Objects.requireNonNull(Fused.class.getResourceAsStream(file), file)) {
            MethodHandles.Lookup made = LOOKUP.defineHiddenClassWithClassData(template.readAllBytes(), steps, true);
            return (RowFiller) made.findConstructor(made.lookupClass(), MethodType.methodType(void.class))
                    .invoke();
        } catch (IOException e) {
            throw new UncheckedIOException("own class file", e);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("no filler", e);
        }
    }

    /** One feature: (RowWriter, Object)void. */
    private static MethodHandle step(Feature feature, int index, Accessor accessor) {
        MethodHandle read = accessor.handle();
        MethodHandle write;
        Class<?> type = read.type().returnType();
        if (!accessor.constants().isEmpty()) {
            int[] codes = accessor.constants().stream()
                    .mapToInt(feature.categories()::indexOf)
                    .toArray();
            write = MethodHandles.insertArguments(CONSTANT, 1, index, codes);
            read = read.asType(MethodType.methodType(Enum.class, Object.class));
        } else if (type == double.class) {
            write = MethodHandles.insertArguments(NUMBER, 1, index);
        } else if (type == long.class) {
            write = MethodHandles.insertArguments(INTEGER, 1, index);
        } else if (type == boolean.class) {
            write = MethodHandles.insertArguments(BOOL, 1, index);
        } else {
            write = MethodHandles.insertArguments(OBJECT, 1, index);
        }
        return MethodHandles.filterArguments(write, 1, read);
    }

    /** One after the other; halved again and again, since the compiler follows a chain of calls only so deep. */
    private static MethodHandle chained(List<MethodHandle> steps) {
        if (steps.size() == 1) {
            return steps.get(0);
        }
        int half = steps.size() / 2;
        return MethodHandles.foldArguments(chained(steps.subList(half, steps.size())), chained(steps.subList(0, half)));
    }

    private static MethodHandle writer(String method, Class<?>... parameters) {
        try {
            return LOOKUP.findVirtual(RowWriter.class, method, MethodType.methodType(void.class, parameters));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("RowWriter." + method, e);
        }
    }

    /** The template of the classes that are made; never used itself. */
    private static final class Fused extends RowFiller {

        private static final MethodHandle STEPS = steps();

        private static MethodHandle steps() {
            try {
                return Objects.requireNonNull(MethodHandles.classData(
                        MethodHandles.lookup(), ConstantDescs.DEFAULT_NAME, MethodHandle.class));
            } catch (IllegalAccessException e) {
                throw new LinkageError("class data", e);
            }
        }

        @Override
        void fill(RowWriter row, Object input) throws Throwable {
            STEPS.invokeExact(row, input);
        }
    }
}
