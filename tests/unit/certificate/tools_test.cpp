#include "quietus/certificate/tools.hpp"

#include <gtest/gtest.h>

namespace quietus {
namespace {

std::string code_for(std::string_view list, const std::string& version,
                     const std::string& commit = "abc") {
    DocumentTrace trace;
    trace.tool_version = version;
    trace.tool_commit = commit;
    const auto tools = ToolList::from_toml(list);
    if (!tools) return "unreadable";
    const auto findings = tools->check(trace);
    return findings.empty() ? "" : findings.front().code;
}

constexpr std::string_view one_revoked =
    "[[tool]]\nversion = \"0.1.0\"\nrevoked = \"loses data\"\n";
constexpr std::string_view one_known = "[[tool]]\nversion = \"0.2.0\"\n";

TEST(Tools, AreAllBelievedWithoutAList) {
    EXPECT_EQ(code_for("", "0.1.0"), "");
}

TEST(Tools, AreNotBelievedOnceRevoked) {
    EXPECT_EQ(code_for(one_revoked, "0.1.0"), "E_TOOL_REVOKED");
    EXPECT_EQ(code_for(one_revoked, "0.1.1"), ""); // a list of revocations alone
}

TEST(Tools, AreUnknownBesideThoseThatAreKnown) {
    EXPECT_EQ(code_for(one_known, "0.2.0"), "");
    EXPECT_EQ(code_for(one_known, "0.1.0"), "E_TOOL_UNKNOWN");
    EXPECT_EQ(code_for(std::string(one_known) + std::string(one_revoked), "0.1.0"),
              "E_TOOL_REVOKED");
}

TEST(Tools, AreRevokedBuildByBuild) {
    constexpr std::string_view list =
        "[[tool]]\nversion = \"0.1.0\"\ncommit = \"bad\"\nrevoked = \"built by nobody\"\n"
        "[[tool]]\nversion = \"0.1.0\"\n";
    EXPECT_EQ(code_for(list, "0.1.0", "bad"), "E_TOOL_REVOKED");
    EXPECT_EQ(code_for(list, "0.1.0", "good"), "");
}

TEST(Tools, RefusesEveryMemberGivenBadly) {
    for (const char* bad :
         {"tool = 1\n", "[tool]\nversion = \"1\"\n", "[[tools]]\nversion = \"1\"\n", "[[tool]]\n",
          "[[tool]]\nversion = 1\n", "[[tool]]\nversion = \"\"\n",
          "[[tool]]\nversion = \"1\"\nreason = \"x\"\n",
          "[[tool]]\nversion = \"1\"\nrevoked = true\n", "tool = [1]\n", "[[tool]\n"}) {
        const auto list = ToolList::from_toml(bad);
        ASSERT_FALSE(list) << bad;
        EXPECT_EQ(list.error().fault, Fault::invalid);
        EXPECT_EQ(list.error().message.find("line "), 0U) << list.error().message;
    }
}

} // namespace
} // namespace quietus
