using SyncMcp.Guard;
using SyncMcp.Settings;

namespace SyncMcp.Tests.Commands;

/// <summary>Several servers in the operator's file, one of them chosen by name: on the command line or in the file, by nobody else.</summary>
public sealed class ProfileTests : IDisposable
{
    private const string Two = """
        {
          "profile": "test",
          "profiles": {
            "test": { "url": "https://test.example:8181", "token": "token-of-test", "workspace": "qa" },
            "prod": { "url": "https://prod.example/sync", "token": "token-of-prod", "mode": "read-only" },
            "here": { "data": "/srv/here" }
          }
        }
        """;

    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Fact]
    public void The_file_says_which_counts_and_the_command_line_chooses_another_with_all_that_is_its_own()
    {
        shell.Config(Two);
        var usual = shell.Read();
        Assert.Equal(("https://test.example:8181/", "token-of-test", "qa", Mode.Guarded), (usual.Server!.ToString(), usual.Token, usual.Workspace, usual.Mode));

        var prod = shell.Read("--profile", "prod");
        Assert.Equal(("https://prod.example/sync", "token-of-prod", "default", Mode.ReadOnly), (prod.Server!.ToString(), prod.Token, prod.Workspace, prod.Mode));

        var here = shell.Read("--profile=here");
        Assert.Equal((null, null, "/srv/here"), (here.Server, here.Token, here.DataDirectory));
    }

    [Fact]
    public void No_variable_chooses_one()
    {
        shell.Config(Two);
        shell.Variables["SYNCMCP_PROFILE"] = "prod";
        Assert.Equal("test.example", shell.Read().Server!.Host);
    }

    [Fact]
    public void A_profile_is_not_mixed_with_the_address_or_token_of_another_server()
    {
        shell.Config(Two);
        Assert.Contains("--url", Assert.Throws<SettingException>(() => shell.Read("--profile", "prod", "--url", "https://evil.example")).Message, StringComparison.Ordinal);
        foreach (var name in new[] { "SYNCMCP_URL", "SYNCMCP_TOKEN" })
        {
            shell.Variables[name] = "https://evil.example";
            Assert.Contains(name, Assert.Throws<SettingException>(() => shell.Read("--profile", "prod")).Message, StringComparison.Ordinal);
            shell.Variables.Remove(name);
        }

        // The one that the file chooses gives way to the environment, and keeps its token.
        shell.Variables["SYNCMCP_URL"] = "https://evil.example";
        Assert.Equal(("evil.example", null), (shell.Read().Server!.Host, shell.Read().Token));
    }

    [Theory]
    [InlineData("""{"profile": "tset", "profiles": {"test": {}}}""", "Did you mean \"test\"?")]
    [InlineData("""{"profile": "test"}""", "There are none")]
    [InlineData("""{"profiles": {"a b": {}}}""", "a b")]
    [InlineData("""{"profiles": {"test": null}}""", "test")]
    [InlineData("""{"profiles": {"test": {"ulr": "https://a.example"}}}""", "ulr")]
    [InlineData("""{"profile": "p", "profiles": {"p": {"mode": "unattended"}}}""", "mode of profile p")]
    [InlineData("""{"profile": "p", "profiles": {"p": {"url": "ftp://a.example"}}}""", "url of profile p")]
    [InlineData("""{"profile": "p", "profiles": {"p": {"token": "alone"}}}""", "token of profile p")]
    public void What_is_wrong_in_the_file_is_said_with_its_place(string json, string named)
    {
        shell.Config(json);
        var refused = Assert.Throws<SettingException>(() => shell.Read()).Message;
        Assert.Contains(named, refused, StringComparison.Ordinal);
        Assert.Contains("config.json", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_in_a_profile_closes_the_file_too()
    {
        if (OperatingSystem.IsWindows())
            return; // modes are Unix's
        shell.Config(Two, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Assert.Contains("chmod 600", Assert.Throws<SettingException>(() => shell.Read()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://sync.example:8181", "https://SYNC.example:8181/api.rsc/v2/", true)]
    [InlineData("https://sync.example", "https://sync.example:443/api.rsc", true)]
    [InlineData("https://sync.example/one", "https://sync.example/one/API.rsc/v2", true)]
    [InlineData("https://sync.example/one", "https://sync.example/two", false)] // a copy of a server has the same ids
    [InlineData("https://sync.example/one", "https://sync.example", false)]
    [InlineData("https://sync.example", "http://sync.example", false)]
    public void Approvals_and_tokens_are_bound_to_the_server_with_its_path_and_without_the_APIs_own(string left, string right, bool same)
    {
        Assert.Equal(same, ServerOrigin.Of(new(left)) == ServerOrigin.Of(new(right)));
        Assert.Equal(same, GuardParts.Origin(shell.Read("--url", left)) == GuardParts.Origin(shell.Read("--url", right)));
    }
}
