package io.aiproxy.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.aiproxy.call.Call;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.FakeTicker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HashRingTest {
  private static final int KEYS = 20_000;

  private final List<Member> members = Fleet.of(new FakeTicker(), 1, 1, 2, 1);
  private final HashRing ring = new HashRing(members, HashRingTest::place, HashRing.UNBOUNDED);

  @Test
  void givesEachItsShareOfTheKeys() {
    Map<String, Integer> shares = new HashMap<>();
    owners(members).forEach(owner -> shares.merge(owner.name(), 1, Integer::sum));

    assertThat(shares.get("a")).isCloseTo(KEYS / 5, within(KEYS / 25));
    assertThat(shares.get("c")).isCloseTo(2 * KEYS / 5, within(KEYS / 25));
  }

  @Test
  void movesOnlyTheKeysOfTheOneThatGoes() {
    List<Member> before = owners(members);
    List<Member> left = new ArrayList<>(members);
    Member gone = left.remove(1);

    List<Member> after = owners(left);

    for (int i = 0; i < KEYS; i++) {
      if (!before.get(i).equals(gone)) {
        assertThat(after.get(i)).isSameAs(before.get(i));
      }
    }
    assertThat(after).doesNotContain(gone);
  }

  @Test
  void spreadsTheKeysOfTheOneThatGoes() {
    List<Member> before = owners(members);
    List<Member> left = new ArrayList<>(members);
    Member gone = left.remove(2);
    Map<String, Integer> heirs = new HashMap<>();

    List<Member> after = owners(left);
    for (int i = 0; i < KEYS; i++) {
      if (before.get(i).equals(gone)) {
        heirs.merge(after.get(i).name(), 1, Integer::sum);
      }
    }

    assertThat(heirs).containsOnlyKeys("a", "b", "d");
    assertThat(heirs.values()).allSatisfy(keys -> assertThat(keys).isGreaterThan(KEYS / 15));
  }

  @Test
  void doesNotDependOnTheOrderOfTheInstances() {
    List<Member> turned = new ArrayList<>(members);
    java.util.Collections.reverse(turned);
    HashRing other = new HashRing(turned, HashRingTest::place, HashRing.UNBOUNDED);

    for (int i = 0; i < 1000; i++) {
      var call = Calls.at("openai-chat", "/", "k" + i);
      assertThat(other.begin(call).pick(members)).isSameAs(ring.begin(call).pick(members));
    }
  }

  @Test
  void stepsOverWhoHasMoreThanItsShare() {
    HashRing bounded = new HashRing(members, HashRingTest::place, 125);
    Call call = Calls.at("openai-chat", "/", "key");
    Member owner = bounded.begin(call).pick(members);
    Member next = bounded.begin(call).pick(without(owner));

    owner.begins();
    owner.begins();

    assertThat(bounded.begin(call).pick(members)).isSameAs(next);
    owner.ends();
    owner.ends();
    assertThat(bounded.begin(call).pick(members)).isSameAs(owner);
  }

  @Test
  void givesTheOnlyOneAllThereIs() {
    HashRing bounded = new HashRing(members, HashRingTest::place, 100);
    Call call = Calls.at("openai-chat", "/", "key");
    Member only = members.get(0);
    for (int i = 0; i < 1000; i++) {
      only.begins();
    }

    assertThat(bounded.begin(call).pick(List.of(only))).isSameAs(only);
  }

  private List<Member> without(Member one) {
    return members.stream().filter(member -> !member.equals(one)).toList();
  }

  private List<Member> owners(List<Member> candidates) {
    List<Member> owners = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      owners.add(ring.begin(Calls.at("openai-chat", "/", "key=" + i)).pick(candidates));
    }
    return owners;
  }

  private static long place(Call call) {
    return HashRing.hash(call.target().query());
  }
}
