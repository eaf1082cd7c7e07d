using System.Text.Json;
using SyncMcp.Client;
using SyncMcp.Client.Jobs;
using SyncMcp.Filters;
using SyncMcp.Guard;
using SyncMcp.Tests.Testing;
using SyncMcp.Tools;

namespace SyncMcp.Tests.Guard;

/// <summary>The policy rule by rule: what it refuses, in which words, and which files it does not take.</summary>
public sealed class PolicyRuleTests : IDisposable
{
    private readonly TempFolder folder = new();

    public PolicyRuleTests() => Directory.CreateDirectory(folder["operator"]);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Without_a_file_only_what_the_program_was_started_with_counts()
    {
        var policy = Of(Mode.Guarded);

        Assert.Equal(new Policy { Mode = Mode.Guarded }, policy);
        Assert.Equal((false, false), (policy.IsReadOnly, policy.IsUnattended));
        Assert.Null(policy.Refuses(JobEndpoints.Delete));
        Assert.Null(Policy.Written(folder["operator"]).Mode);
        Assert.Equal((true, false), (Of(Mode.ReadOnly).IsReadOnly, Of(Mode.ReadOnly).IsUnattended));
        Assert.Equal((false, true), (Of(Mode.Unattended).IsReadOnly, Of(Mode.Unattended).IsUnattended));
    }

    [Fact]
    public void Each_rule_refuses_in_its_own_words()
    {
        Assert.Equal("The operator has switched delete_job off.", With("""{"deny":["Delete_JOB"]}""").Refuses(JobEndpoints.Delete));
        Assert.Equal("The operator has switched DELETE_job off.", With("""{"deny":["delete_job"]}""").Denies("DELETE_job"));
        Assert.Null(With("""{"deny":["delete_job"]}""").Refuses(JobEndpoints.Get));
        Assert.Equal("get_job is not among the tools that the operator allows.", With("""{"allow":["list_jobs"]}""").Refuses(JobEndpoints.Get));
        Assert.Null(With("""{"allow":["GET_job"]}""").Refuses(JobEndpoints.Get));
        Assert.Equal("execute_job is not among the tools that the operator allows.", With("""{"allow":[]}""").Refuses(JobEndpoints.Execute));
        Assert.Equal("The operator has switched changes off (mode read-only).", With("""{"mode":"read-only"}""").Refuses(JobEndpoints.Execute));
        Assert.Null(With("""{"mode":"read-only"}""").Refuses(JobEndpoints.Get));
        Assert.Equal("This server was started without get_job.", Of(Mode.Guarded, new() { Never = ["get_job"] }).Refuses(JobEndpoints.Get));
        Assert.Equal("get_job is of the toolset jobs; this server was started with users.", Of(Mode.Guarded, new() { Toolsets = ["users"] }).Refuses(JobEndpoints.Get));
        Assert.Null(Of(Mode.Guarded, new() { Toolsets = ["jobs"] }).Refuses(JobEndpoints.Get));
    }

    [Fact]
    public void Tools_that_span_operations_are_refused_alike_and_the_search_of_the_compact_surface_never()
    {
        var tool = OwnTools.All.First(own => own.Tier == Tier.Reads);
        var changes = OwnTools.All.First(own => own.Tier != Tier.Reads);

        Assert.Equal($"The operator has switched {tool.Name} off.", With($$"""{"deny":["{{tool.Name}}"]}""").Refuses(tool));
        Assert.Null(With("""{"mode":"read-only"}""").Refuses(tool));
        Assert.NotNull(With("""{"mode":"read-only"}""").Refuses(changes));
        Assert.NotNull(With("""{"allow":["list_jobs"]}""").Refuses(tool));
        Assert.Null(With("""{"allow":["list_jobs"]}""").Refuses(CompactTools.Find));
    }

    [Theory]
    [InlineData("prod*", "Production", true)]
    [InlineData("prod*", "my production", false)]
    [InlineData("a\\b", "a\\b", true)]
    [InlineData("a\\*", "a\\b", true)]
    [InlineData("a*", null, false)]
    public void A_protection_matches_a_name_in_any_case_with_stars(string pattern, string? name, bool protects)
    {
        var policy = With(JsonSerializer.Serialize(new Dictionary<string, string[]> { ["protected"] = ["other", pattern] }));

        Assert.Equal(protects ? pattern : null, policy.Protects(name, []));
        if (name is not null)
            Assert.Equal(protects ? pattern : null, policy.Protects(null, ["x", name]));
        Assert.Null(With("{}").Protects(name, [name ?? ""]));
    }

    [Fact]
    public void A_file_says_all_that_it_can_say()
    {
        var policy = With("""
            {
              // comments and a comma at the end are fine
              "mode": "guarded", "allow": ["GET_JOB", "list_jobs"], "deny": ["Delete_Job"], "protected": ["x"], "workspaces": ["w"],
              "egress": [{"connector": "CSV", "where": {"URI": "a"}, "access": "read-write"}, {"connector": "SQLite", "access": "read"}],
            }
            """);

        Assert.Equal(["get_job", "list_jobs"], policy.Allow);
        Assert.Equal(["delete_job"], policy.Deny);
        Assert.Equal(["x"], policy.Protected);
        Assert.Equal(["w"], policy.Workspaces);
        Assert.Equal([("CSV", "read-write", 1), ("SQLite", "read", 0)], policy.Egress!.Select(rule => (rule.Connector, rule.Access, rule.Where?.Count ?? 0)));
        Assert.Null(policy.Trouble);
        var nothing = With("{}");
        Assert.Equal((null, 0, 0, null, null), (nothing.Allow, nothing.Deny.Count, nothing.Protected.Count, nothing.Workspaces, nothing.Egress));
    }

    [Theory]
    [InlineData("null", "it is null")]
    [InlineData("""{"mode":"free"}""", "mode is read-only, guarded or unattended, not \"free\"")]
    [InlineData("""{"allow":["a b"]}""", "there is no tool \"a b\"")]
    [InlineData("""{"allow":[" "]}""", "allow holds something that is no name")]
    [InlineData("""{"deny":[""]}""", "deny holds something that is no name")]
    [InlineData("""{"protected":["x",null]}""", "protected holds something that is no name")]
    [InlineData("""{"workspaces":["w",""]}""", "workspaces holds something that is no name")]
    [InlineData("""{"egress":[null]}""", "a rule of egress names a connector and, in where, values of its properties")]
    [InlineData("""{"egress":[{"connector":" "}]}""", "a rule of egress names a connector and, in where, values of its properties")]
    [InlineData("""{"egress":[{"connector":"CSV","where":{"":"a"}}]}""", "a rule of egress names a connector and, in where, values of its properties")]
    [InlineData("""{"egress":[{"connector":"CSV","where":{"a":"b","c":""}}]}""", "a rule of egress names a connector and, in where, values of its properties")]
    [InlineData("""{"egress":[{"connector":"CSV","where":{"a":"b","A":"c"}}]}""", "where of a rule of egress names a property twice; their case does not count")]
    [InlineData("""{"egress":[{"connector":"CSV","access":"write"}]}""", "access is read or read-write, not \"write\"")]
    public void What_is_not_understood_says_so_where_it_refuses(string json, string why)
    {
        var policy = With(json);
        Assert.Equal(Mode.ReadOnly, policy.Mode);
        Assert.Equal($"The operator's {folder["operator/policy.json"]} is not understood: {why}. Until that is mended, only reads are allowed.", policy.Refuses(JobEndpoints.Execute));
        Assert.Null(policy.Refuses(JobEndpoints.Get));
    }

    [Fact]
    public void A_file_that_cannot_be_opened_allows_reads_alone()
    {
        Directory.CreateDirectory(folder["other/policy.json"]);
        Assert.Null(Policy.Written(folder["other"]).Trouble); // a folder is no file

        File.WriteAllText(folder["operator/policy.json"], new string('x', 1_000));
        var trouble = Policy.Written(folder["operator"]).Trouble!;
        Assert.EndsWith(".", trouble, StringComparison.Ordinal);
        Assert.DoesNotContain("..", trouble, StringComparison.Ordinal);
        Assert.InRange(trouble.Length, 60, folder["operator/policy.json"].Length + 240);
    }

    [Fact]
    public void Every_change_of_the_policy_is_another_version()
    {
        var versions = new[]
        {
            With("{}"), With("{ }"), With("""{"deny":["get_job"]}"""), With("""{"mode":"read-only"}"""),
            With("{}") with { Started = new() { Only = ["get_job"] } }, With("{}", Mode.ReadOnly), With("{}", Mode.Unattended),
        }.Select(policy => policy.Version).ToList();

        Assert.Equal(versions.Count, versions.Distinct().Count());
        Assert.Equal(With("{}").Version, With("{}").Version);
    }

    [Fact]
    public void A_refusal_says_that_it_is_final_and_quotes_what_it_is_about()
    {
        var bare = PolicyFilter.Refused("why").Error;
        var named = PolicyFilter.Refused("why", new string('n', 400)).Error;

        Assert.Equal(("policy_denied", "why", "This is final here; tell the person. Only the operator can change it, in policy.json of the operator's folder or where this server is started."), (bare.Code, bare.Message, bare.Next));
        Assert.Null(bare.Details);
        Assert.InRange(named.Details!["name"]!.ToString().Length, 290, 310);
    }

    private Policy With(string json, Mode mode = Mode.Guarded)
    {
        File.WriteAllText(folder["operator/policy.json"], json);
        return Of(mode);
    }

    private Policy Of(Mode mode, ToolChoice? tools = null) =>
        Policy.Of(new() { DataDirectory = folder["data"], OperatorFolder = folder["operator"], Mode = mode, Tools = tools ?? ToolChoice.All });
}
