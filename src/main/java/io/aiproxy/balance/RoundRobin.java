package io.aiproxy.balance;

import io.aiproxy.call.Call;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Each in its turn, as often as its weight says and as evenly as can be: each pick raises every candidate by its weight, and
 * takes from the highest what all were given.
 */
final class RoundRobin implements Picker {
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Member, Long> credits = new HashMap<>();

  @Override
  public Choice begin(Call call) {
    return this::pick;
  }

  private Member pick(List<Member> candidates) {
    lock.lock();
    try {
      long given = 0;
      Member best = candidates.get(0);
      for (Member candidate : candidates) {
        long credit = credits.merge(candidate, (long) candidate.weight(), Long::sum);
        given += candidate.weight();
        if (credit > credits.getOrDefault(best, 0L)) {
          best = candidate;
        }
      }
      credits.merge(best, -given, Long::sum);
      return best;
    } finally {
      lock.unlock();
    }
  }
}
