package io.aiproxy.balance;

import io.aiproxy.call.Call;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The same one for the same key. The members lie on a ring, each at as many points as its weight says; a key belongs to the
 * first point behind it whose member can be asked. So a member that goes moves its own keys and no others.
 */
final class HashRing implements Picker {
  private static final int POINTS = 160;
  private static final int MOST_POINTS = 100_000;
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private final TreeMap<Long, Member> ring = new TreeMap<>();
  private final Function<Call, String> key;

  /**
   * Of all members, also of those that cannot be asked at times.
   *
   * @param key what a call goes by
   */
  HashRing(List<Member> members, Function<Call, String> key) {
    this.key = key;
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
    long place = hash(key.apply(call));
    return candidates -> behind(place, candidates);
  }

  private Member behind(long place, List<Member> candidates) {
    Set<Member> possible = new HashSet<>(candidates);
    return first(ring.tailMap(place, true), possible, first(ring, possible, candidates.get(0)));
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
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return hash ^ (hash >>> 33);
  }
}
