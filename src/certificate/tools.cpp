#include "quietus/certificate/tools.hpp"

#include "quietus/core/bytes.hpp"
#include "quietus/core/toml.hpp"

#include <algorithm>

namespace quietus {
namespace {

Error wrong(const Toml& value, const std::string& what) {
    return {Fault::invalid, "line " + std::to_string(value.line()) + ": " + what};
}

Result<KnownTool> read_tool(const Toml& toml) {
    const auto* members = toml.as<Toml::Table>();
    if (members == nullptr) return wrong(toml, "tool: not written as [[tool]]");
    KnownTool tool;
    for (const auto& [key, value] : *members) {
        std::string* member = key == "version"   ? &tool.version
                              : key == "commit"  ? &tool.commit
                              : key == "revoked" ? &tool.revoked
                                                 : nullptr;
        if (member == nullptr) return wrong(value, "unknown key \"" + escaped(key) + "\"");
        const auto* text = value.as<std::string>();
        if (text == nullptr || text->empty()) return wrong(value, key + ": not a text");
        *member = *text;
    }
    if (tool.version.empty()) return wrong(toml, "version is missing");
    return tool;
}

bool is_of(const KnownTool& tool, const DocumentTrace& trace) {
    return tool.version == trace.tool_version &&
           (tool.commit.empty() || tool.commit == trace.tool_commit);
}

} // namespace

Result<ToolList> ToolList::from_toml(std::string_view text) {
    const auto file = parse_toml(text);
    if (!file) return file.error();
    ToolList list;
    for (const auto& [key, value] : *file->as<Toml::Table>()) {
        const auto* tools = value.as<Toml::Array>();
        if (key != "tool" || tools == nullptr)
            return wrong(value, "\"" + escaped(key) + "\": nothing but [[tool]] is known");
        for (const Toml& each : *tools) {
            auto tool = read_tool(each);
            if (!tool) return std::move(tool).error();
            list.tools_.push_back(std::move(*tool));
        }
    }
    return list;
}

std::vector<CheckFinding> ToolList::check(const DocumentTrace& trace) const {
    const std::string name = escaped(trace.tool_version) +
                             (trace.tool_commit.empty() ? "" : " " + escaped(trace.tool_commit));
    bool any_believed = false;
    bool is_known = false;
    for (const KnownTool& tool : tools_) {
        any_believed = any_believed || tool.revoked.empty();
        if (!is_of(tool, trace)) continue;
        is_known = true;
        if (!tool.revoked.empty())
            return {{"E_TOOL_REVOKED", "made by " + name + ": " + escaped(tool.revoked)}};
    }
    if (!any_believed || is_known) return {};
    return {{"E_TOOL_UNKNOWN", "made by " + name + ", which is not among the known tools"}};
}

} // namespace quietus
