package io.github.plimsoll.monitoring.drift;

import io.github.plimsoll.core.model.ModelId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A window of time that one host sends to be compared elsewhere.
 *
 * @param model the version whose rows it has
 * @param host the name of the host
 * @param millis how long the window is
 * @param index its number, in windows since 1970
 * @param first the time of its earliest row
 * @param last the time of its latest row
 * @param window the counts
 */
record SentWindow(ModelId model, String host, long millis, long index, long first, long last, Window window) {

    private static final String LETTERS = "PLFW";

    byte[] toBytes(Baseline baseline) {
        FormWriter out = new FormWriter(LETTERS);
        out.text(model.name()).text(model.version()).text(baseline.fingerprint());
        out.text(host).whole(millis).signed(index).signed(first).signed(last);
        window.write(out);
        return out.finish();
    }

    static boolean isOne(byte[] bytes) {
        byte[] letters = LETTERS.getBytes(StandardCharsets.US_ASCII);
        return bytes.length > letters.length && Arrays.equals(bytes, 0, letters.length, letters, 0, letters.length);
    }

    /** The model that a window is of, whose baseline is needed to read the rest. */
    static ModelId modelOf(byte[] bytes) {
        return FormReader.readHead("window", LETTERS, bytes, in -> new ModelId(in.text(), in.text()));
    }

    /** What tells windows of the same host and time apart. */
    static long checksum(byte[] bytes) {
        return Integer.toUnsignedLong(ByteBuffer.wrap(bytes).getInt(bytes.length - FormWriter.CHECKSUM));
    }

    static SentWindow read(byte[] bytes, Baseline baseline) {
        return FormReader.read("window", LETTERS, bytes, in -> {
            ModelId model = new ModelId(in.text(), in.text());
            baseline.checkIsOfThis(in);
            String host = in.text();
            long millis = in.whole();
            long index = in.signed();
            long first = in.signed();
            long last = in.signed();
            Window window = baseline.window();
            window.read(in);
            return new SentWindow(model, host, millis, index, first, last, window);
        });
    }
}
