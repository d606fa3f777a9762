package io.aiproxy.balance;

import io.aiproxy.call.Call;
import io.aiproxy.config.Semantic;
import io.aiproxy.embedding.Embedder;
import io.aiproxy.embedding.NoVectors;
import io.aiproxy.embedding.Vector;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Each instance has a topic, told by examples; a request goes to the one whose topic its prompt is about. Whatever goes wrong,
 * the request goes on, to the instance that is for all else. Safe for all threads.
 */
final class Topics implements Picker {
  private static final Logger LOG = LoggerFactory.getLogger(Topics.class);

  /** So many may fail in a row before prompts are not compared for a while, as each may have waited for nothing. */
  private static final int FAILURES = 3;

  private final String route;
  private final List<Topic> topics;
  private final Member fallback;
  private final boolean debugging;
  private final Embedder embedder;
  private final Examples examples;
  private final Pause pause;
  private final AtomicBoolean troubled = new AtomicBoolean();

  /**
   * The topics of a route's instances.
   *
   * @param members in the order of configuration
   */
  Topics(String route, List<Member> members, Semantic settings, Services services) {
    this.route = route;
    this.debugging = settings.debugging();
    this.embedder = services.embedders().apply(settings);
    this.pause = new Pause(FAILURES, services.ticker());
    this.fallback = members.stream()
        .filter(member -> member.name().equals(settings.fallback()))
        .findFirst()
        .orElse(members.get(0));
    List<String> texts = new ArrayList<>();
    List<Topic> all = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      Semantic.Topic topic = settings.topics().get(i);
      int from = texts.size();
      texts.addAll(topic.examples());
      all.add(new Topic(members.get(i), from, texts.size(), topic.threshold()));
    }
    this.topics = List.copyOf(all);
    this.examples = new Examples(texts, embedder, settings.patience(), services.ticker());
  }

  @Override
  public Choice begin(Call call) {
    List<Score> scores = scores(call);
    return new Ranking(scores, fallback, debugging);
  }

  /** The best first; none if the prompt cannot be compared. */
  private List<Score> scores(Call call) {
    String prompt = Prompt.of(call.json());
    if (prompt.isEmpty() || !pause.lets()) {
      return List.of();
    }
    try {
      List<Score> scores = scores(prompt, call);
      fine();
      return scores;
    } catch (NoVectors none) {
      trouble(call, none);
      return List.of();
    } catch (RuntimeException fault) {
      trouble(call, NoVectors.atTheMoment("by a fault", fault));
      return List.of();
    }
  }

  private List<Score> scores(String prompt, Call call) throws NoVectors {
    List<Vector> references = examples.vectors(call.exchange());
    Vector asked = embedder.embed(List.of(prompt), call.exchange()).get(0);
    if (asked.size() != references.get(0).size()) {
      throw NoVectors.ofThese(
          "the vectors of prompts are not as long as those of the examples; was the model changed?");
    }
    return topics.stream()
        .map(topic -> topic.score(asked, references))
        .sorted(Comparator.comparingDouble(Score::value).reversed())
        .toList();
  }

  private void fine() {
    pause.succeeded();
    if (troubled.compareAndSet(true, false)) {
      LOG.info("route {}: prompts are compared with examples again", route);
    }
  }

  private void trouble(Call call, NoVectors none) {
    if (call.exchange().ended()) {
      return; // nobody waits for it any more, which is nobody's fault
    }
    if (none.isTransitory()) {
      pause.failed();
    }
    if (troubled.compareAndSet(false, true)) {
      LOG.warn(
          "route {}: prompts cannot be compared with examples, and go to {}: {} (exchange {})",
          route,
          fallback,
          none.words(),
          call.exchange().id());
    }
  }

  /**
   * What an instance is for.
   *
   * @param from the first of its examples among those of all
   * @param to behind the last one
   * @param threshold how much a prompt must be like one of them
   */
  private record Topic(Member member, int from, int to, double threshold) {
    Score score(Vector prompt, List<Vector> references) {
      double best = references.subList(from, to).stream()
          .mapToDouble(prompt::similarity)
          .max()
          .orElse(-1);
      return new Score(member, best, threshold);
    }
  }

  /** How much a prompt is like the examples of an instance. */
  record Score(Member member, double value, double threshold) {
    /** Vectors of the same text may differ in their last digits. */
    private static final double ROUNDING = 1e-6;

    boolean suffices() {
      return value >= threshold - ROUNDING;
    }
  }
}
