package io.github.plimsoll.core.internal.booster;

import io.github.plimsoll.core.internal.CpuBudget;
import io.github.plimsoll.core.internal.ModelFiles;
import io.github.plimsoll.core.model.LoadOptions;
import io.github.plimsoll.core.model.Model;
import io.github.plimsoll.core.model.ModelDescription;
import io.github.plimsoll.core.model.ModelLoader;
import io.github.plimsoll.core.model.ModelSignature;
import java.nio.file.Path;
import java.util.List;

/** Reads boosted trees of one engine. */
abstract class BoosterLoader implements ModelLoader {

    private final String engine;
    private final ModelFiles files;

    BoosterLoader(String engine, ModelFiles files) {
        this.engine = engine;
        this.files = files;
    }

    /** Hands the bytes to the engine if they hold a whole model. {@code wanted} is such as {@code model /a/b.ubj}. */
    abstract Booster read(byte[] bytes, int threads, String wanted);

    @Override
    public final boolean accepts(Path location) {
        return files.accepts(location);
    }

    @Override
    public final Model load(Path location, LoadOptions options) {
        Path path = files.resolve(location);
        String wanted = "model " + path;
        CpuBudget.requireProcessor(options, wanted, engine);
        CpuBudget budget = CpuBudget.of(options);
        Booster booster = read(ModelFiles.read(path), budget.intraOpThreads(), wanted);
        Booster.Facts facts = booster.facts();
        return new BoosterModel(
                booster,
                new ModelDescription(
                        files.id(path, options),
                        engine,
                        facts.engineVersion(),
                        "native, " + budget,
                        new ModelSignature(List.of(facts.input()), List.of(facts.output())),
                        facts.metadata()));
    }
}
