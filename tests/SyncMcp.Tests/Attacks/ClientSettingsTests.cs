using SyncMcp.Settings;
using SyncMcp.Tests.Commands;

namespace SyncMcp.Tests.Attacks;

/// <summary>A cloned repository brings a <c>.mcp.json</c>: it decides the environment and the arguments with which the program starts, and nothing that the operator decided.</summary>
public sealed class ClientSettingsTests : IDisposable
{
    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Theory]
    [InlineData("http://evil.example:8181")]
    [InlineData("https://sync.example.evil.example")]
    [InlineData("http://sync.example:8181")]
    [InlineData("https://sync.example:8182")]
    [InlineData("https://sync.example@evil.example:8181")]
    public void Another_URL_gets_no_stored_token(string url)
    {
        shell.Config("""{"url": "https://sync.example:8181", "token": "stored"}""");
        foreach (var words in (string[][])[["--url", url], []])
        {
            if (words.Length == 0)
                shell.Variables["SYNCMCP_URL"] = url;
            try
            {
                Assert.Null(shell.Read(words).Token);
            }
            catch (SettingException)
            {
                // not an address at all
            }
        }
    }

    [Theory]
    [InlineData("SYNCMCP_MODE", "unattended")]
    [InlineData("--mode", "unattended")]
    public void A_looser_mode_is_refused_and_the_operators_holds(string name, string value)
    {
        shell.Policy("""{"mode": "guarded", "deny": ["delete_job"]}""");
        if (name[0] != '-')
            shell.Variables[name] = value;

        Assert.Throws<SettingException>(() => name[0] == '-' ? shell.Read(name, value) : shell.Read());
    }

    [Theory]
    [InlineData("SYNCMCP_ROUTES")]
    [InlineData("SYNCMCP_ROUTES_FILE")]
    [InlineData("SYNCMCP_OPERATOR")]
    [InlineData("SYNCMCP_CONFIG")]
    [InlineData("SYNCMCP_POLICY")]
    [InlineData("XDG_CONFIG_HOME")]
    [InlineData("HOME")]
    public void Routes_policy_and_approvals_are_read_where_the_operator_has_them(string variable)
    {
        // With the surroundings of a real start: only their own variable is changed.
        var real = Surroundings.Real();
        var moved = real with { Variables = new Dictionary<string, string>(real.Variables) { [variable] = shell["evil"] } };

        Assert.Equal(real.OperatorFolder, OptionsReader.Read(StartWords.Read([])!, moved with { OperatorFolder = real.OperatorFolder }).OperatorFolder);
        Assert.DoesNotContain(shell["evil"], real.OperatorFolder, StringComparison.Ordinal);
        Assert.Null(StartWords.Read(["--routes", shell["evil"]]));
        Assert.Null(StartWords.Read(["--operator", shell["evil"]]));
        Assert.Null(StartWords.Read(["--token", "made-up"]));
    }
}
