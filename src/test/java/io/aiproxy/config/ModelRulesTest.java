package io.aiproxy.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.aiproxy.provider.Providers;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelRulesTest {
  private static final String MULTI = "plugins.ai-proxy-multi.";

  @Test
  void anInstanceServesWhatItListsOrElseTheModelThatItIsSentTo() throws BadConfiguration {
    Route route = read(
        multi("{'algorithm':'model'}", "'models':['a','b'],'options':{'model':'c'}")
            .replace(
                "'instances':[",
                "'instances':[{'name':'j','weight':1,'provider':'openai','auth':{},'options':{'model':'d'}},"));

    assertThat(route.instances())
        .extracting(instance -> instance.settings().models().names())
        .containsExactly(List.of("d"), List.of("a", "b"));
  }

  @Test
  void readsTheNamesOfModels() throws BadConfiguration {
    Balancing balancing = read(multi(
            "{'algorithm':'model','aliases':{'x':'a','y':'b'},'default_model':'x'}",
            "'models':['a','b']"))
        .balancing()
        .orElseThrow();

    assertThat(balancing.choosing().names())
        .isEqualTo(new Balancing.Names(Map.of("x", "a", "y", "b"), Optional.of("x")));
  }

  @Test
  void readsTheBoundOfShares() throws BadConfiguration {
    assertThat(read(multi("{'algorithm':'prefix','hash_balance_factor':150}", "'options':{}"))
            .balancing()
            .orElseThrow()
            .choosing()
            .factor())
        .isEqualTo(OptionalInt.of(150));
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
      {'algorithm':'model'}                                   | 'options':{}         | instances | must have one with models, since balancer.algorithm goes by them
      {'algorithm':'model','aliases':{'x':'c'}}               | 'models':['a']       | balancer.aliases.x | must be a model that an instance lists; was "c"
      {'algorithm':'model','aliases':{'x':'a','y':'x'}}       | 'models':['a']       | balancer.aliases.y | must be a model that an instance lists; was "x"
      {'algorithm':'model','aliases':{'b':'a'}}               | 'models':['a','b']   | balancer.aliases.b | is a model that an instance lists, and cannot be another one's name too
      {'algorithm':'model','aliases':{}}                      | 'models':['a']       | balancer.aliases | must not be empty
      {'algorithm':'model','default_model':'c'}               | 'models':['a']       | balancer.default_model | must be a model that an instance lists, or an alias; was "c"
      {'algorithm':'model'}                                   | 'models':['a','a']   | instances[0].models[1] | is there already: "a"
      {'algorithm':'model'}                                   | 'models':[]          | instances[0].models | must not be empty
      {'algorithm':'roundrobin','aliases':{'x':'a'}}          | 'models':['a']       | balancer.aliases | is for the algorithm model alone
      {'default_model':'a'}                                   | 'models':['a']       | balancer.default_model | is for the algorithm model alone
      {'hash_balance_factor':99}                              | 'models':['a']       | balancer.hash_balance_factor | must be a whole number from 100 to 10000, was 99
      """)
  void refuses(String balancer, String instance, String path, String message) {
    assertThat(errors(multi(balancer, instance))).contains(new ConfigError(MULTI + path, message));
  }

  @Test
  void tellsOfModelsOnlyIfThereAreAny() {
    assertThat(errors(single("'models_endpoint':true")))
        .containsExactly(new ConfigError(
            "plugins.ai-proxy.models_endpoint",
            "needs models to tell of: list them in models, or set options.model"));
    assertThat(errors(single("'models_endpoint':true,'models':['a']"))).isEmpty();
    assertThat(errors(single("'models_endpoint':true,'options':{'model':'a'}"))).isEmpty();
  }

  @Test
  void tellsOfModelsOnlyIfTheRouteTakesWhoAsks() {
    assertThat(errors(single("'models_endpoint':true,'models':['a']")
            .replace("'uri'", "'methods':['POST'],'uri'")))
        .containsExactly(new ConfigError("methods", "must have GET for models_endpoint"));
  }

  private static String multi(String balancer, String instance) {
    return """
        {'uri':'/*','plugins':{'ai-proxy-multi':{'balancer':%s,'instances':[
        {'name':'i','weight':1,'provider':'openai','auth':{},%s}]}}}""".formatted(balancer, instance);
  }

  private static String single(String keys) {
    return "{'uri':'/*','plugins':{'ai-proxy':{'provider':'openai','auth':{}," + keys + "}}}";
  }

  private static Route read(String file) throws BadConfiguration {
    return new ConfigReader(Providers.installed(), new ScriptedEnvironment())
        .read(file.replace('\'', '"').getBytes(UTF_8))
        .routes()
        .get(0);
  }

  private static List<ConfigError> errors(String file) {
    try {
      read(file);
      return List.of();
    } catch (BadConfiguration wrong) {
      return wrong.errors();
    }
  }
}
