package io.aiproxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.call.Call;
import io.aiproxy.call.Headers;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.FakeTicker;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Many conversations and few instances, without a clock: requests begin one after the other, and each takes the place of the
 * one that runs longest. Prints what came of it.
 */
class PrefixSimulationTest {
  private static final int REQUESTS = 50_000;
  private static final int UNDER_WAY = 200;
  private static final int CONVERSATIONS = 2_000;

  private final Random random = new Random(4);
  private final List<Member> members = Fleet.of(new FakeTicker(), 1, 1, 2, 4);

  @Test
  void spreadsConversationsByWeight() {
    int[] keys = new int[members.size()];
    for (int i = 0; i < CONVERSATIONS; i++) {
      keys[members.indexOf(pick(unbounded(), turn(i), members))]++;
    }

    for (int i = 0; i < keys.length; i++) {
      double share = keys[i] / (double) CONVERSATIONS;
      double fair = members.get(i).weight() / 8.0;
      print(
          "instance %s of weight %d has %.1f %% of the conversations, fair are %.1f %%",
          members.get(i), members.get(i).weight(), 100 * share, 100 * fair);
      assertThat(share).isBetween(0.75 * fair, 1.25 * fair);
    }
  }

  @Test
  void movesOnlyTheConversationsOfTheOneThatLeaves() {
    HashRing ring = unbounded();
    List<Member> left = new ArrayList<>(members);
    Member gone = left.remove(2);
    int owned = 0;
    int moved = 0;
    for (int i = 0; i < CONVERSATIONS; i++) {
      Member before = pick(ring, turn(i), members);
      Member after = pick(ring, turn(i), left);
      owned += before.equals(gone) ? 1 : 0;
      moved += before.equals(after) ? 0 : 1;
    }

    print(
        "%d of %d conversations moved when the one left that had %d", moved, CONVERSATIONS, owned);
    assertThat(moved).isEqualTo(owned);
  }

  @Test
  void keepsTheBoundHoweverSkewedTheConversationsAre() {
    Result bounded = run(new HashRing(members, new Prefix(), Prefix.FACTOR));
    Result unbounded = run(unbounded());

    print(
        "bound of 125 %%: at most %.0f %% of its fair share under way, %.1f %% of the turns where the last one was",
        100 * bounded.worst(), 100 * bounded.together());
    print(
        "no bound: at most %.0f %% of its fair share under way, %.1f %% of the turns where the last one was",
        100 * unbounded.worst(), 100 * unbounded.together());
    assertThat(bounded.worst())
        .isLessThanOrEqualTo(1.25 + 8.0 / UNDER_WAY); // shares are rounded up
    assertThat(unbounded.worst()).isGreaterThan(1.5);
    assertThat(bounded.together()).isGreaterThan(0.75);
  }

  /**
   * How it went.
   *
   * @param worst the most that one had under way, of its fair share
   * @param together how many turns went where the one before of the same conversation did
   */
  private record Result(double worst, double together) {}

  /** A few conversations have most of the turns. */
  private Result run(HashRing ring) {
    Deque<Member> running = new ArrayDeque<>();
    Map<Integer, Member> last = new HashMap<>();
    double worst = 0;
    int together = 0;
    int later = 0;
    for (int i = 0; i < REQUESTS; i++) {
      int conversation = (int) (CONVERSATIONS * Math.pow(random.nextDouble(), 4));
      Member chosen = pick(ring, turn(conversation), members);
      chosen.begins();
      running.add(chosen);
      Member before = last.put(conversation, chosen);
      later += before == null ? 0 : 1;
      together += chosen.equals(before) ? 1 : 0;
      if (running.size() > UNDER_WAY) {
        running.remove().ends();
      }
      worst = Math.max(worst, i < UNDER_WAY ? 0 : chosen.underWay() / fair(chosen));
    }
    running.forEach(Member::ends);
    return new Result(worst, together / (double) later);
  }

  private static double fair(Member member) {
    return (UNDER_WAY + 1) * member.weight() / 8.0;
  }

  private HashRing unbounded() {
    return new HashRing(members, new Prefix(), HashRing.UNBOUNDED);
  }

  private static Member pick(HashRing ring, Call call, List<Member> candidates) {
    return ring.begin(call).pick(candidates);
  }

  private static Call turn(int conversation) {
    return Calls.arrived(
        "/v1/chat/completions",
        "{\"messages\":[{\"role\":\"system\",\"content\":\"Be brief\"},"
            + "{\"role\":\"user\",\"content\":\"Question " + conversation + "\"}]}",
        Headers.NONE);
  }

  private static void print(String figures, Object... values) {
    System.out.println(figures.formatted(values));
  }
}
