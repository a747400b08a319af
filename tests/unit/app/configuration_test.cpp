// quietus.toml: what is right is taken, and all else is named with its place and the nearest right.
#include "quietus/app/configuration.hpp"

#include <gmock/gmock.h>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>

namespace quietus {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

Configuration configuration(const std::string& text) {
    auto read = parse_configuration(text, "q.toml");
    EXPECT_TRUE(read) << (read ? "" : read.error().message);
    return read ? std::move(*read) : Configuration{};
}

Error problem(const std::string& text) {
    const auto read = parse_configuration(text, "q.toml");
    EXPECT_FALSE(read) << text;
    return read ? Error{} : read.error();
}

std::vector<std::string> values(const Configuration& read, std::string_view option) {
    for (const ConfiguredOption& each : read.options)
        if (each.key->option == option) return each.values;
    return {};
}

TEST(Configuration, IsEmptyWhereNothingIsSaid) {
    const Configuration read = configuration("# nothing\n[station]\n[defaults]\n");
    EXPECT_EQ(read.file, "q.toml");
    EXPECT_EQ(read.locked_at, std::nullopt);
    EXPECT_TRUE(read.options.empty());
}

TEST(Configuration, GivesValuesAsTheCommandLineWould) {
    const Configuration read = configuration(R"(
[station]
id = "BENCH7"
organisation = "Department"
[people]
operator = "alice"
[directories]
state = "/srv/state"
[defaults]
limit-rate = "500M"
minimum-rate = 1000000
stall-limit = 90
jobs = 16
verification = "sample:10"
scheme = "uk.is5.enhanced"
reference = ["one", "two"]
)");
    EXPECT_THAT(values(read, "--station"), ElementsAre("BENCH7"));
    EXPECT_THAT(values(read, "--organisation"), ElementsAre("Department"));
    EXPECT_THAT(values(read, "--operator"), ElementsAre("alice"));
    EXPECT_THAT(values(read, "--state"), ElementsAre("/srv/state"));
    EXPECT_THAT(values(read, "--limit-rate"), ElementsAre("500M"));
    EXPECT_THAT(values(read, "--minimum-rate"), ElementsAre("1000000"));
    EXPECT_THAT(values(read, "--stall-limit"), ElementsAre("90"));
    EXPECT_THAT(values(read, "--jobs"), ElementsAre("16"));
    EXPECT_THAT(values(read, "--verification"), ElementsAre("sample:10"));
    EXPECT_THAT(values(read, "--scheme"), ElementsAre("uk.is5.enhanced"));
    EXPECT_THAT(values(read, "--reference"), ElementsAre("one", "two"));
    EXPECT_THAT(values(read, "--witness"), ElementsAre());
}

TEST(Configuration, KnowsOnWhichLineItIsLocked) {
    EXPECT_EQ(configuration("[station]\n\nlocked = true\n").locked_at, 3u);
    EXPECT_EQ(configuration("[station]\nlocked = false\n").locked_at, std::nullopt);
    EXPECT_EQ(configuration("").system_journal, std::nullopt);
    EXPECT_EQ(configuration("[log]\njournal = false\n").system_journal, false);
    EXPECT_EQ(place_in(configuration("[station]\nlocked = true\n"), 2), "q.toml, line 2");
}

TEST(Configuration, NamesAnUnknownTableAndTheNearest) {
    const Error error = problem("[station]\n\n[default]\njobs = 1\n");
    EXPECT_EQ(error.fault, Fault::usage);
    EXPECT_EQ(error.message, "q.toml: line 3: unknown table \"default\"");
    EXPECT_EQ(error.hint, "did you mean defaults?");
    EXPECT_THAT(problem("[zzzzzz]\n").hint, StartsWith("the tables are defaults, directories"));
}

TEST(Configuration, NamesAnUnknownKeyAndTheNearest) {
    const Error error = problem("[defaults]\njobs = 2\nlimit_rate = \"1M\"\n");
    EXPECT_EQ(error.message, "q.toml: line 3: defaults: unknown key \"limit_rate\"");
    EXPECT_EQ(error.hint, "did you mean limit-rate?");
    EXPECT_EQ(problem("[station]\noperator = \"a\"\n").hint, "it belongs under [people]");
    EXPECT_EQ(problem("locked = true\n").message, "q.toml: line 1: unknown key \"locked\"");
    EXPECT_EQ(problem("locked = true\n").hint, "it belongs under [station]");
    EXPECT_EQ(problem("[log]\nzzzzzz = 1\n").hint, "its keys are file, journal");
    EXPECT_EQ(problem("[log]\n\"a\\u001b[2J\" = 1\n").message,
              "q.toml: line 2: log: unknown key \"a\\u{001b}[2J\"");
}

TEST(Configuration, NamesAValueOfAnotherTypeOrForm) {
    const std::vector<std::pair<std::string, std::string>> wrong{
        {"[defaults]\njobs = \"4\"", "line 2: defaults.jobs: not a whole number from 1 to 4096"},
        {"[defaults]\njobs = 0", "line 2: defaults.jobs: not a whole number from 1 to 4096"},
        {"[defaults]\njobs = -1", "line 2: defaults.jobs: not a whole number"},
        {"[defaults]\njobs = 1.5", "line 2: defaults.jobs: not a whole number"},
        {"[defaults]\nstall-limit = 86401", "not a whole number from 1 to 86400"},
        {"[defaults]\nlimit-rate = true", "defaults.limit-rate: not a number of bytes a second"},
        {"[defaults]\nlimit-rate = \"fast\"", "\"fast\" is not a number of bytes a second"},
        {"[defaults]\nlimit-rate = 0", "\"0\" is not a number of bytes a second"},
        {"[defaults]\nlimit-rate = -5", "\"-5\" is not a number of bytes a second"},
        {"[defaults]\nverification = \"most\"", "\"most\" is not full, sample:PERCENT or none"},
        {"[defaults]\nscheme = \"uk.is5\"", "\"uk.is5\" is not a scheme of the catalogue"},
        {"[defaults]\nmarking = \"a\\nb\"", "is not a text that a document may bear"},
        {"[defaults]\nmarking = \"\"", "is not a text that a document may bear"},
        {"[defaults]\nreference = \"one\"", "defaults.reference: not a list"},
        {"[defaults]\nreference = []", "defaults.reference: not a list"},
        {"[defaults]\nreference = [\n\"one\",\n2]", "line 4: defaults.reference: not a list"},
        {"[station]\nlocked = \"yes\"", "line 2: station.locked: not true or false"},
        {"[station]\nid = \"bench\"", "\"bench\" is not a station id"},
        {"[people]\noperator = 7", "people.operator: not a text"},
        {"[directories]\nstate = \"state\"", "\"state\" is not an absolute path"},
        {"[log]\nfile = \"~/log\"", "\"~/log\" is not an absolute path"},
        {"[station]\nlocked = true\n[defaults]\ndisposition = \"sell\"",
         "line 4: defaults.disposition: \"sell\" is not a disposition"},
        {"station = 7", "line 1: station: not a table"},
        {"[[station]]\nid = \"BENCH7\"", "station: not a table"},
        {"[station\nid = 1", "line 1: "},
        {"[station]\nid = \"BENCH7\"\nid = \"BENCH8\"", "line 3: "},
        {"\xff", "line 1: not UTF-8"}};
    for (const auto& [text, told] : wrong) {
        const Error error = problem(text + "\n");
        EXPECT_EQ(error.fault, Fault::usage) << text;
        EXPECT_THAT(error.message, StartsWith("q.toml: line ")) << text;
        EXPECT_THAT(error.message, HasSubstr(told)) << text;
    }
    EXPECT_EQ(problem("[defaults]\nscheme = \"uk.is5.enhancd\"").hint,
              "did you mean uk.is5.enhanced?");
    EXPECT_THAT(problem("[station]\nlocked = true\n[defaults]\ndisposition = \"zzz\"").hint,
                StartsWith("one of: reuse, downgrade"));
}

TEST(Configuration, TellsOfTheFirstThingThatIsWrong) {
    // In the order of the file, which is not that of the alphabet.
    EXPECT_THAT(problem("[station]\nlocked = 1\n[defaults]\njobs = 0\n[aaa]\n").message,
                HasSubstr("line 2: "));
}

TEST(Configuration, LeavesClassificationAndDispositionToALockedStation) {
    for (const char* line : {"classification = \"OFFICIAL\"", "disposition = \"reuse\"",
                             "destination = \"OFFICIAL\""}) {
        const std::string text = std::string("[defaults]\n") + line + "\n";
        EXPECT_THAT(problem(text).message, HasSubstr("only a locked station may supply it"));
        EXPECT_THAT(problem(text).message, StartsWith("q.toml: line 2: "));
        EXPECT_EQ(configuration(text + "[station]\nlocked = true\n").options.size(), 1u);
    }
}

TEST(Configuration, RefusesRatesThatContradictEachOther) {
    EXPECT_THAT(problem("[defaults]\nminimum-rate = \"2M\"\nlimit-rate = \"1M\"\n").message,
                HasSubstr("line 3: defaults.minimum-rate: more than defaults.limit-rate allows"));
    EXPECT_EQ(
        configuration("[defaults]\nminimum-rate = \"1M\"\nlimit-rate = \"1M\"\n").options.size(),
        2u);
}

TEST(Configuration, TakesTemperaturesThatFitTogether) {
    const Cooling cooling = configuration("[temperature]\npause = 60\nresume = 50\n").cooling;
    EXPECT_EQ(cooling, (Cooling{60, 50}));
    EXPECT_EQ(configuration("[temperature]\npause = 60\nresume = 60\n").cooling.resume_below, 60);
    const std::vector<std::pair<std::string, std::string>> wrong{
        {"pause = 60", "line 2: temperature.resume is missing"},
        {"resume = 60", "line 2: temperature.pause is missing"},
        {"pause = 50\nresume = 51", "line 3: temperature.resume: above temperature.pause"},
        {"pause = 0\nresume = 50", "line 2: temperature.pause: not whole degrees from 1 to 150"},
        {"pause = 151\nresume = 50", "line 2: temperature.pause: not whole degrees"},
        {"pause = \"60\"\nresume = 50", "line 2: temperature.pause: not whole degrees"},
        {"pause = 60.5\nresume = 50", "line 2: temperature.pause: not whole degrees"}};
    for (const auto& [lines, told] : wrong)
        EXPECT_THAT(problem("[temperature]\n" + lines + "\n").message, HasSubstr(told)) << lines;
}

std::string content_of(const std::string& path) {
    std::ifstream file(path);
    return std::string{std::istreambuf_iterator<char>(file), {}};
}

TEST(ShippedConfiguration, SaysNothingAsItIsShipped) {
    const Configuration read = configuration(content_of(QUIETUS_CONFIGURATION));
    EXPECT_EQ(read.locked_at, std::nullopt);
    EXPECT_TRUE(read.options.empty());
}

TEST(ShippedConfiguration, ExplainsEveryKeyByAnExampleThatHolds) {
    const std::regex commented("(^|\n)#([a-z-]+ = )");
    const std::string text =
        std::regex_replace(content_of(QUIETUS_CONFIGURATION), commented, "$1$2");
    const Configuration read = configuration(text);
    EXPECT_TRUE(read.locked_at);
    EXPECT_EQ(read.system_journal, true);
    EXPECT_NE(read.cooling, Cooling{});
    for (const ConfigurationKey& key : configuration_keys()) {
        if (key.option.empty()) continue;
        const auto is_it = [&](const ConfiguredOption& each) { return each.key == &key; };
        EXPECT_EQ(std::ranges::count_if(read.options, is_it), 1) << key.table << '.' << key.name;
    }
}

TEST(ConfigurationKeys, HaveExamplesThatHold) {
    std::string text;
    std::string_view table;
    for (const ConfigurationKey& key : configuration_keys()) {
        if (key.table != table) text += "[" + std::string(key.table) + "]\n";
        table = key.table;
        text += std::string(key.name) + " = " + std::string(key.example) + "\n";
    }
    configuration(text);
}

class ConfigurationFile : public testing::Test {
  protected:
    ConfigurationFile() {
        std::string pattern = testing::TempDir() + "quietus-configuration-XXXXXX";
        directory = mkdtemp(pattern.data());
        path = directory + "/quietus.toml";
        std::ofstream(path) << "[station]\nlocked = true\n";
        chmod(path.c_str(), 0644);
    }
    ~ConfigurationFile() override { std::filesystem::remove_all(directory); }
    std::string directory;
    std::string path;
};

TEST_F(ConfigurationFile, IsReadAsItIs) {
    const auto read = read_configuration(path);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->file, path);
    EXPECT_EQ(read->locked_at, 2u);
}

TEST_F(ConfigurationFile, MayBeAbsentOnlyWhereThatIsSaid) {
    EXPECT_EQ(read_configuration(directory + "/none").error().fault, Fault::io);
    const auto read = read_configuration_if_there(directory + "/none");
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, Configuration{});
    EXPECT_TRUE(read_configuration_if_there(directory + "/none/below"));
    EXPECT_TRUE(read_configuration_if_there(path)->locked_at);
}

TEST_F(ConfigurationFile, IsRefusedWhenOthersMayWriteToIt) {
    for (const mode_t mode : {0664, 0646}) {
        chmod(path.c_str(), mode);
        EXPECT_EQ(read_configuration_if_there(path).error().fault, Fault::refused);
    }
    chmod(path.c_str(), 0644);
    if (geteuid() != 0) return;
    ASSERT_EQ(chown(path.c_str(), 65534, 65534), 0);
    EXPECT_EQ(read_configuration(path).error().fault, Fault::refused);
}

TEST_F(ConfigurationFile, IsARegularFile) {
    EXPECT_EQ(read_configuration(directory).error().fault, Fault::usage);
    EXPECT_EQ(read_configuration("/dev/null").error().fault, Fault::usage);
    std::filesystem::create_symlink(directory + "/nowhere", directory + "/link");
    EXPECT_EQ(read_configuration_if_there(directory + "/link").error().fault, Fault::io);
}

} // namespace
} // namespace quietus
