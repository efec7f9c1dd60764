package io.github.plimsoll.monitoring.log;

import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;

/** Gives each line to a logger of the host. */
final class LoggerSink implements LineSink {

    private final Logger logger;

    LoggerSink(Logger logger) {
        this.logger = logger;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void open() {}

    @Override
    public int batchSize() {
        return 1; // line by line, so that a logger that throws fails one line
    }

    @Override
    public void write(byte[] lines, int length) {
        int start = 0;
        for (int i = 0; i < length; i++) {
            if (lines[i] == '\n') {
                logger.info(new String(lines, start, i - start, StandardCharsets.UTF_8));
                start = i + 1;
            }
        }
    }

    @Override
    public void close() {}
}
