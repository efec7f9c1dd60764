package io.github.plimsoll.validation.profile;

import java.util.List;

/** What is known of the tensors of one feature. */
final class TensorFacts implements Facts {

    final long count;
    final List<NumberFacts> parts;
    final List<ExactSum> sums; // of each element, of tensors of one length; to find their centre

    TensorFacts(long count, List<NumberFacts> parts, List<ExactSum> sums) {
        this.count = count;
        this.parts = parts;
        this.sums = sums;
    }

    @Override
    public long count() {
        return count;
    }

    @Override
    public long outside() {
        return 0;
    }

    /** The mean of each element, empty if it is not known. */
    double[] centre() {
        long finite = parts.get(TensorTally.NORM).count;
        return finite == 0
                ? new double[0]
                : sums.stream()
                        .mapToDouble(sum -> PowerSums.ratio(
                                sum.chunksValue(),
                                java.math.BigInteger.valueOf(finite),
                                32 * sum.base() - PowerSums.LOWEST))
                        .toArray();
    }

    @Override
    public void write(FieldWriter out) {
        out.whole("count", count);
        Parts.write(parts, out);
        out.objects("sums", sums, ExactSum::write);
    }

    static TensorFacts read(long[] shape, FieldReader in) {
        long count = in.count("count");
        List<NumberFacts> parts = Parts.read(in, TensorTally.PARTS.size());
        List<ExactSum> sums = in.objects("sums", ExactSum::read);
        if (sums.size() != TensorTally.summed(shape)) {
            throw in.problem("sums", sums.size(), TensorTally.summed(shape) + " of them");
        }
        return new TensorFacts(count, parts, sums);
    }
}
