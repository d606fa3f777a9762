package io.aiproxy.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.call.Call;
import io.aiproxy.call.Ending;
import io.aiproxy.call.Headers;
import io.aiproxy.call.Reply;
import io.aiproxy.config.Semantic;
import io.aiproxy.embedding.Embedder;
import io.aiproxy.embedding.LangChain4jModel;
import io.aiproxy.embedding.NoVectors;
import io.aiproxy.embedding.Vector;
import io.aiproxy.testing.Calls;
import io.aiproxy.testing.FakeTicker;
import io.aiproxy.testing.ScriptedBody;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Instances a, b, c and so on; a text's vector is made of the numbers in it. */
class TopicsTest {
  private final FakeTicker ticker = new FakeTicker();
  private final List<Member> members = new ArrayList<>(Fleet.of(ticker, 1, 1, 1));
  private final List<String> embedded = new ArrayList<>();
  private double threshold = 0.9;
  private String fallback = "c";
  private boolean debugging;
  private boolean down;

  @Test
  void asksTheBestThenTheOneForAllElseThenTheOthers() {
    Choice choice = topics("1 0", "0 1", "1 1").begin(call("1 0.1"));

    assertThat(orderOf(choice)).isEqualTo("a c b");
  }

  @Test
  void asksAllThatAreGoodEnoughBeforeTheOneForAllElse() {
    threshold = 0;
    fallback = "a";

    Choice choice = topics("-1 0", "0.5 1", "1 1").begin(call("0.1 1"));

    assertThat(orderOf(choice)).isEqualTo("b c a");
  }

  @Test
  void asksTheFirstOneForAllElseIfNobodyIsNamed() {
    fallback = "a";

    assertThat(orderOf(topics("0 1", "0 1", "0 1").begin(call("1 0")))).startsWith("a");
  }

  @Test
  void stepsOverWhoCannotBeAsked() {
    Choice choice = topics("1 0", "1 0.1", "0 1").begin(call("1 0"));

    assertThat(choice.pick(members.subList(1, 3)).name()).isEqualTo("b");
  }

  @Test
  void takesTheBestExampleOfEach() {
    assertThat(orderOf(topics("0 1; 0 -1; 1 0", "1 0.1", "0 1").begin(call("1 0"))))
        .startsWith("a");
  }

  @Test
  void takesTheSameTextForAsLikeItselfAsCanBe() {
    threshold = 1;

    assertThat(orderOf(topics("0.1 0.7 0.3", "1 0 0", "0 0 1").begin(call("0.1 0.7 0.3"))))
        .startsWith("a");
  }

  @Test
  void asksNobodyForVectorsForAWhileAfterThreeFailures() {
    Topics topics = topics("1 0", "0 1", "0 1");
    topics.begin(call("1 0"));
    down = true;
    embedded.clear();
    for (int i = 0; i < 5; i++) {
      assertThat(orderOf(topics.begin(call("1 0")))).startsWith("c");
    }
    assertThat(embedded).hasSize(3);

    down = false;
    ticker.passes(Pause.FIRST);
    assertThat(orderOf(topics.begin(call("1 0")))).startsWith("a");
    assertThat(orderOf(topics.begin(call("1 0")))).startsWith("a");
  }

  @Test
  void doesNotLetSomePromptsSpoilItForOthers() {
    Topics topics = topics("1 0", "0 1", "0 1");
    for (int i = 0; i < 5; i++) {
      topics.begin(call("garbage"));
    }

    assertThat(orderOf(topics.begin(call("1 0")))).startsWith("a");
  }

  @Test
  void blamesNobodyIfTheClientHasLeft() {
    Topics topics = topics("1 0", "0 1", "0 1");
    down = true;
    for (int i = 0; i < 5; i++) {
      Call left = call("1 0");
      left.exchange().end(Ending.CLIENT_GONE);
      topics.begin(left);
    }
    ticker.passes(Pause.FIRST);
    down = false;

    assertThat(orderOf(topics.begin(call("1 0")))).startsWith("a");
  }

  @Test
  void saysScoresAndPickInPlaceOfAnUpstreams() {
    debugging = true;
    Choice choice = topics("1 0", "-1 0", "0 1").begin(call("1 0"));
    choice.pick(members);

    Headers headers = choice
        .told(new Reply(
            200,
            Headers.builder()
                .add("x-ai-semantic-picked-instance", "mine")
                .add("A", "b")
                .build(),
            ScriptedBody.of("{}")))
        .headers();

    assertThat(headers.first("X-AI-Semantic-Scores")).contains("a:1.0000,c:0.0000,b:-1.0000");
    assertThat(headers.all("X-AI-Semantic-Picked-Instance")).containsExactly("a");
    assertThat(headers.first("A")).contains("b");
  }

  @Test
  void saysNotMoreScoresThanAHeaderHolds() {
    debugging = true;
    int[] weights = new int[200];
    members.clear();
    members.addAll(Fleet.of(ticker, weights));
    Choice choice =
        topics(Collections.nCopies(200, "1 0").toArray(new String[0])).begin(call("1 0"));

    Headers headers =
        choice.told(new Reply(200, Headers.NONE, ScriptedBody.of("{}"))).headers();

    assertThat(headers.first("X-AI-Semantic-Scores").orElseThrow())
        .hasSizeBetween(850, 900)
        .matches("(.:1\\.0000,)*.:1\\.0000");
  }

  private String orderOf(Choice choice) {
    List<Member> left = new ArrayList<>(members);
    List<String> names = new ArrayList<>();
    while (!left.isEmpty()) {
      Member next = choice.pick(left);
      left.remove(next);
      names.add(next.name());
    }
    return String.join(" ", names);
  }

  private Topics topics(String... examples) {
    List<Semantic.Topic> topics = new ArrayList<>();
    for (String of : examples) {
      topics.add(new Semantic.Topic(List.of(of.split("; ", -1)), threshold));
    }
    Services services = Fleet.services(ticker);
    Embedder embedder = (texts, asking) -> embed(texts);
    return new Topics(
        "r",
        members,
        new Semantic(
            new Semantic.Local(new LangChain4jModel()),
            Duration.ofSeconds(9),
            topics,
            fallback,
            debugging),
        new Services(
            services.ticker(),
            services.clock(),
            services.random(),
            services.threads(),
            settings -> embedder));
  }

  private List<Vector> embed(List<String> texts) throws NoVectors {
    embedded.addAll(texts);
    if (down) {
      throw NoVectors.atTheMoment("not now");
    }
    List<Vector> vectors = new ArrayList<>();
    for (String text : texts) {
      if (text.equals("garbage")) {
        throw NoVectors.ofThese("not this");
      }
      String[] numbers = text.split(" ", -1);
      float[] parts = new float[numbers.length];
      for (int i = 0; i < parts.length; i++) {
        parts[i] = Float.parseFloat(numbers[i]);
      }
      vectors.add(Vector.of(parts));
    }
    return vectors;
  }

  private static Call call(String prompt) {
    return Calls.arrived(
        "/v1/completions", "{\"model\":\"m\",\"prompt\":\"" + prompt + "\"}", Headers.NONE);
  }
}
