package io.aiproxy.balance;

import io.aiproxy.call.Call;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/**
 * Of two candidates at random the one with less to do for its weight. Two are enough to keep away from the worst, and too few
 * for all gateways to fall upon the same best one.
 */
final class BetterOfTwo implements Picker {
  private final ToDoubleFunction<Member> burden;
  private final Supplier<RandomGenerator> random;

  /**
   * With a measure.
   *
   * @param burden the more, the worse
   * @param random for the thread that asks
   */
  BetterOfTwo(ToDoubleFunction<Member> burden, Supplier<RandomGenerator> random) {
    this.burden = burden;
    this.random = random;
  }

  @Override
  public Choice begin(Call call) {
    return this::pick;
  }

  private Member pick(List<Member> candidates) {
    if (candidates.size() == 1) {
      return candidates.get(0);
    }
    int one = random.get().nextInt(candidates.size());
    int other = random.get().nextInt(candidates.size() - 1);
    Member first = candidates.get(one);
    Member second = candidates.get(other < one ? other : other + 1);
    return load(second) < load(first) ? second : first;
  }

  private double load(Member member) {
    return burden.applyAsDouble(member) / Math.max(1, member.weight());
  }
}
