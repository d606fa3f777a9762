package io.aiproxy.balance;

import io.aiproxy.call.Call;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * The same one for the same key. The members lie on a ring, each at as many points as its weight says; a key belongs to the
 * first point behind it whose member can be asked. So a member that goes moves its own keys and no others. With a bound on
 * the shares, whoever has enough to do is stepped over like one that cannot be asked (Mirrokni, Thorup and Zadimoghaddam,
 * "Consistent Hashing with Bounded Loads").
 */
final class HashRing implements Picker {
  /** Any share is fair. */
  static final int UNBOUNDED = Integer.MAX_VALUE;

  private static final int POINTS = 160;
  private static final int MOST_POINTS = 100_000;
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private final TreeMap<Long, Member> ring = new TreeMap<>();
  private final ToLongFunction<Call> place;
  private final int factor;

  /**
   * Of all members, also of those that cannot be asked at times.
   *
   * @param place where a call lies on the ring; calls that belong together have the same
   * @param factor how much of its fair share of the requests under way one may have, in percent, at least 100
   */
  HashRing(List<Member> members, ToLongFunction<Call> place, int factor) {
    this.place = place;
    this.factor = factor;
    long weights = members.stream().mapToLong(Member::weight).sum();
    for (Member member : members) {
      long points = Math.min(
          (long) POINTS * member.weight(),
          Math.max(1, MOST_POINTS * (long) member.weight() / Math.max(1, weights)));
      for (long i = 0; i < points; i++) {
        ring.put(hash(member.name() + '#' + i), member);
      }
    }
  }

  @Override
  public Choice begin(Call call) {
    long at = place.applyAsLong(call);
    return candidates -> behind(at, candidates);
  }

  private Member behind(long at, List<Member> candidates) {
    Set<Member> possible = new HashSet<>(candidates);
    if (factor != UNBOUNDED) {
      possible.removeAll(busy(candidates));
    }
    return first(ring.tailMap(at, true), possible, first(ring, possible, candidates.get(0)));
  }

  /** Those who would have more than their share with one more request; never all of them. */
  private List<Member> busy(List<Member> candidates) {
    double all = 1 + candidates.stream().mapToLong(Member::underWay).sum();
    double weights = candidates.stream().mapToLong(Member::weight).sum();
    return candidates.stream()
        .filter(member ->
            member.underWay() >= Math.ceil(all * factor / 100 * member.weight() / weights))
        .toList();
  }

  private static Member first(Map<Long, Member> points, Set<Member> possible, Member otherwise) {
    for (Member member : points.values()) {
      if (possible.contains(member)) {
        return member;
      }
    }
    return otherwise;
  }

  /** FNV-1a, with its bits mixed so that names which differ in their last digit lie apart. */
  static long hash(String text) {
    long hash = FNV_OFFSET;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * FNV_PRIME;
    }
    return mixed(hash);
  }

  /** The same number for the same, and for its neighbour one far away. */
  static long mixed(long number) {
    long mixed = (number ^ (number >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ (mixed >>> 33);
  }
}
