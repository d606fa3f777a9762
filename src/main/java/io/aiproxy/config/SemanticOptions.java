package io.aiproxy.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.aiproxy.embedding.InProcessModel;
import io.aiproxy.embedding.InProcessModels;
import io.aiproxy.embedding.LangChain4jModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What configuration says to the algorithm {@code semantic}: checked, and made a record. */
final class SemanticOptions {
  private static final String ALGORITHM = "semantic";
  private static final String AZURE = "azure-openai";
  private static final String LOCAL = "in-process";
  private static final String OPENAI = "openai";
  private static final Endpoint OPENAIS = Endpoint.parse("https://api.openai.com/v1/embeddings");

  private SemanticOptions() {}

  /** Whether a plugin of several instances asks for it. */
  static boolean apply(JsonNode plugin) {
    return Keys.ALGORITHM.text(Keys.BALANCER.from(plugin)).equals(ALGORITHM);
  }

  static void check(Checked route) {
    if (!apply(route.plugin())) {
      return;
    }
    route.upstreams().stream()
        .filter(upstream -> upstream.raw().isObject() && !upstream.raw().has(Keys.EXAMPLES.name()))
        .forEach(upstream -> upstream
            .place()
            .key(Keys.EXAMPLES.name())
            .refuse("is required, as the algorithm semantic goes by examples"));
    JsonNode options = Keys.SEMANTIC_OPTS.from(route.plugin());
    Place place = route.pluginPlace().key(Keys.SEMANTIC_OPTS.name());
    if (!Keys.SEMANTIC_OPTS.from(route.rawPlugin()).has(Keys.EMBEDDINGS.name())) {
      place
          .key(Keys.EMBEDDINGS.name())
          .refuse("is required, as the algorithm semantic needs semantic_opts.embeddings");
    }
    checkFallback(route, options, place);
    checkEmbeddings(new Checked.Upstream(
        Keys.EMBEDDINGS.from(Keys.SEMANTIC_OPTS.from(route.rawPlugin())),
        Keys.EMBEDDINGS.from(options),
        place.key(Keys.EMBEDDINGS.name())));
  }

  private static void checkFallback(Checked route, JsonNode options, Place place) {
    List<String> names = route.upstreams().stream()
        .map(upstream -> Keys.NAME.text(upstream.read()))
        .toList();
    Keys.SEMANTIC_FALLBACK
        .given(options)
        .map(JsonNode::asText)
        .filter(name -> !names.contains(name))
        .ifPresent(name -> place
            .key(Keys.SEMANTIC_FALLBACK.name())
            .refuse("unknown instance '" + Shown.text(name) + "'"));
  }

  private static void checkEmbeddings(Checked.Upstream embeddings) {
    switch (Keys.EMBEDDINGS_PROVIDER.text(embeddings.read())) {
      case LOCAL -> checkLocal(embeddings);
      case AZURE -> {
        require(Keys.EMBEDDINGS_ENDPOINT, embeddings);
        checkDeployment(embeddings);
      }
      case OPENAI -> require(Keys.EMBEDDINGS_MODEL, embeddings);
      default -> {} // what is wrong with it was said
    }
    Rules.checkHeaders(
        Keys.EMBEDDINGS_AUTH.from(embeddings.read()),
        embeddings.place().key(Keys.EMBEDDINGS_AUTH.name()));
  }

  private static void require(Key key, Checked.Upstream embeddings) {
    if (!embeddings.raw().has(key.name())) {
      embeddings
          .place()
          .key(key.name())
          .refuse(
              "is required for the provider " + Keys.EMBEDDINGS_PROVIDER.text(embeddings.read()));
    }
  }

  private static void checkDeployment(Checked.Upstream embeddings) {
    endpoint(embeddings.read())
        .filter(endpoint -> endpoint.path().length() <= 1)
        .ifPresent(bare -> embeddings
            .place()
            .key(Keys.EMBEDDINGS_ENDPOINT.name())
            .refuse("must contain the full deployment path, such as"
                + " /openai/deployments/NAME/embeddings?api-version=VERSION"));
  }

  private static void checkLocal(Checked.Upstream embeddings) {
    List.of(Keys.EMBEDDINGS_AUTH, Keys.EMBEDDINGS_ENDPOINT, Keys.EMBEDDINGS_VERIFY).stream()
        .filter(key -> embeddings.raw().has(key.name()))
        .forEach(key -> embeddings
            .place()
            .key(key.name())
            .refuse("is for an endpoint, and in-process has none"));
    InProcessModels installed = InProcessModels.installed();
    installed
        .named(localModel(embeddings.read()))
        .ifPresentOrElse(
            model -> checkAvailable(model, embeddings.place().key(Keys.EMBEDDINGS_PROVIDER.name())),
            () -> embeddings
                .place()
                .key(Keys.EMBEDDINGS_MODEL.name())
                .refuse("must be one of those on the class path: "
                    + String.join(", ", installed.names())));
  }

  private static void checkAvailable(InProcessModel model, Place place) {
    if (!model.available()) {
      place.refuse(
          "needs the library " + model.library() + " on the class path, beside the gateway's own");
    }
  }

  /** Of a plugin in which nothing is wrong. */
  static Semantic read(JsonNode plugin, Transport usual) {
    JsonNode options = Keys.SEMANTIC_OPTS.from(plugin);
    JsonNode embeddings = Keys.EMBEDDINGS.from(options);
    JsonNode instances = Keys.INSTANCES.from(plugin);
    List<Semantic.Topic> topics = new ArrayList<>();
    instances.forEach(instance -> topics.add(topic(instance, options)));
    return new Semantic(
        vectors(embeddings, usual),
        Keys.EMBEDDINGS_TIMEOUT.millis(embeddings),
        topics,
        Keys.SEMANTIC_FALLBACK
            .given(options)
            .map(JsonNode::asText)
            .orElse(Keys.NAME.text(instances.path(0))),
        Keys.DEBUGGING.flag(options));
  }

  private static Semantic.Topic topic(JsonNode instance, JsonNode options) {
    return new Semantic.Topic(
        Assembly.texts(Keys.EXAMPLES.from(instance)),
        Keys.INSTANCE_SCORE.given(instance).orElse(Keys.SCORE.from(options)).doubleValue());
  }

  private static Semantic.Vectors vectors(JsonNode embeddings, Transport usual) {
    if (Keys.EMBEDDINGS_PROVIDER.text(embeddings).equals(LOCAL)) {
      return new Semantic.Local(
          InProcessModels.installed().named(localModel(embeddings)).orElseThrow());
    }
    JsonNode auth = Keys.EMBEDDINGS_AUTH.from(embeddings);
    return new Semantic.Remote(
        endpoint(embeddings).orElse(OPENAIS).orPath(OPENAIS.path()),
        new Auth(Assembly.secrets(Keys.HEADER.from(auth)), Assembly.secrets(Keys.QUERY.from(auth))),
        Keys.EMBEDDINGS_MODEL.given(embeddings).map(JsonNode::asText).orElse(""),
        transport(embeddings, usual));
  }

  /** The route's own, but for what configuration says of this endpoint. */
  private static Transport transport(JsonNode embeddings, Transport usual) {
    Duration timeout = Keys.EMBEDDINGS_TIMEOUT.millis(embeddings);
    return new Transport(
        timeout,
        usual.keepalive(),
        usual.keepaliveTimeout(),
        usual.keepalivePool(),
        usual.poolSize(),
        timeout.compareTo(usual.poolWait()) < 0 ? timeout : usual.poolWait(),
        Keys.EMBEDDINGS_VERIFY.flag(embeddings),
        usual.caCertificates(),
        usual.proxy());
  }

  private static Optional<Endpoint> endpoint(JsonNode embeddings) {
    return Keys.EMBEDDINGS_ENDPOINT.given(embeddings).map(text -> Endpoint.parse(text.asText()));
  }

  private static String localModel(JsonNode embeddings) {
    return Keys.EMBEDDINGS_MODEL
        .given(embeddings)
        .map(JsonNode::asText)
        .orElse(LangChain4jModel.NAME);
  }
}
