package io.github.plimsoll.monitoring.log;

import java.io.IOException;

/** Where lines end up. Confined to the writing thread. */
interface LineSink {

    /** Whether it can be written to, as far as can be told without writing. */
    boolean isOpen();

    /** Opens it. */
    void open() throws IOException;

    /** How many bytes should be written at once at most; a line is never split. */
    int batchSize();

    /** Writes whole lines, each ended by a line feed, all or, if it throws, nobody knows how many. */
    void write(byte[] lines, int length) throws IOException;

    /** Closes it; it may be opened again. */
    void close() throws IOException;
}
