package io.aiproxy.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
  private final HashRing ring = new HashRing(members, call -> call.target().query());

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
    HashRing other = new HashRing(turned, call -> call.target().query());

    for (int i = 0; i < 1000; i++) {
      var call = Calls.at("openai-chat", "/", "k" + i);
      assertThat(other.begin(call).pick(members)).isSameAs(ring.begin(call).pick(members));
    }
  }

  private List<Member> owners(List<Member> candidates) {
    List<Member> owners = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      owners.add(ring.begin(Calls.at("openai-chat", "/", "key=" + i)).pick(candidates));
    }
    return owners;
  }
}
