using SyncMcp.Settings;

namespace SyncMcp.Tests.Commands;

public sealed class OptionsReaderTests : IDisposable
{
    private readonly Shell shell = new();

    public void Dispose() => shell.Dispose();

    [Fact]
    public void With_nothing_said_the_embedded_engine_serves_guarded_in_the_users_data_directory()
    {
        var options = shell.Read();
        Assert.Null(options.Server);
        Assert.Null(options.Token);
        Assert.Equal(("default", Mode.Guarded), (options.Workspace, options.Mode));
        Assert.EndsWith("syncmcp", options.DataDirectory, StringComparison.Ordinal);
        if (OperatingSystem.IsLinux())
            Assert.Equal(shell["home/.local/share/syncmcp"], options.DataDirectory);
    }

    [Theory]
    [InlineData("/srv/data", "/srv/data/syncmcp")]
    [InlineData("relative", null)]
    public void The_data_directory_follows_XDG_DATA_HOME_where_that_is_absolute(string value, string? expected)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "XDG is Linux's");
        shell.Variables["XDG_DATA_HOME"] = value;
        Assert.Equal(expected ?? shell["home/.local/share/syncmcp"], shell.Read().DataDirectory);
    }

    [Fact]
    public void The_command_line_comes_before_the_environment_and_that_before_the_operators_file()
    {
        shell.Config("""{"url": "https://file.example:8181", "token": "t-file", "workspace": "file", "data": "/file"}""");
        var fromFile = shell.Read();
        Assert.Equal(("https://file.example:8181/", "t-file", "file", "/file"), (fromFile.Server!.ToString(), fromFile.Token, fromFile.Workspace, fromFile.DataDirectory));

        shell.Variables["SYNCMCP_WORKSPACE"] = "variable";
        shell.Variables["SYNCMCP_DATA"] = "/variable";
        Assert.Equal(("variable", "/variable"), (shell.Read().Workspace, shell.Read().DataDirectory));

        var fromWords = shell.Read("--workspace", "word", "--data=/word");
        Assert.Equal(("word", "/word"), (fromWords.Workspace, fromWords.DataDirectory));
    }

    [Fact]
    public void A_stored_token_goes_to_the_address_it_was_stored_with_and_to_no_other()
    {
        shell.Config("""{"url": "https://sync.example:8181", "token": "stored"}""");
        Assert.Equal("stored", shell.Read().Token);
        shell.Variables["SYNCMCP_URL"] = "https://sync.example:8181/api.rsc/v2";
        Assert.Equal("stored", shell.Read().Token);
        foreach (var other in new[] { "https://evil.example:8181", "http://sync.example:8181", "https://sync.example:8182", "https://sync.example:8181/other" })
        {
            shell.Variables["SYNCMCP_URL"] = other;
            Assert.Null(shell.Read().Token);
        }
    }

    [Fact]
    public void The_way_to_a_server_comes_from_the_environment_or_the_operators_file()
    {
        File.WriteAllText(shell["ca.pem"], "");
        shell.Config($$"""{"url": "https://sync.example:8181", "token": "stored", "ca_file": "{{shell["ca.pem"]}}", "proxy": "http://me:p%40ss@proxy.example:8080", "auth": "basic"}""");
        var way = shell.Read().Way;
        Assert.Equal((shell["ca.pem"], "http://proxy.example:8080/", Client.TokenPlace.Basic), (way.CaFile, way.Proxy!.Address!.ToString(), way.Auth));
        Assert.Equal("p@ss", ((System.Net.NetworkCredential)way.Proxy.Credentials!).Password);

        shell.Variables["SYNCMCP_AUTH"] = "header";
        shell.Variables["SYNCMCP_PROXY"] = "none"; // TLS goes end to end: who sets the way sees nothing
        Assert.Equal((Client.TokenPlace.Header, false), (shell.Read().Way.Auth, shell.Read().Way.UseProxy));
    }

    [Theory]
    [InlineData("https", "SYNCMCP_CA_FILE", true)]
    [InlineData("https", "SYNCMCP_PROXY", false)]
    [InlineData("http", "SYNCMCP_PROXY", true)]
    public void The_environment_does_not_put_itself_between_a_stored_token_and_its_server(string scheme, string variable, bool refused)
    {
        File.WriteAllText(shell["evil.pem"], "");
        shell.Config($$"""{"url": "{{scheme}}://sync.example:8181", "token": "stored"}""");
        shell.Variables[variable] = variable == "SYNCMCP_PROXY" ? "http://evil.example" : shell["evil.pem"];
        if (refused)
            Assert.Contains(variable, Assert.Throws<SettingException>(() => shell.Read()).Message, StringComparison.Ordinal);
        else
            Assert.Equal("stored", shell.Read().Token);
        shell.Variables["SYNCMCP_TOKEN"] = "own"; // who brings the token says where it goes
        Assert.Equal("own", shell.Read().Token);
    }

    [Fact]
    public void With_a_stored_token_over_http_the_environments_proxy_is_left_aside()
    {
        shell.Config("""{"url": "http://sync.example:8181", "token": "stored"}""");
        Assert.False(shell.Read().Way.UseProxy);
        shell.Variables["SYNCMCP_TOKEN"] = "own";
        Assert.True(shell.Read().Way.UseProxy);
    }

    [Theory]
    [InlineData("SYNCMCP_CA_FILE", "/no/such/ca.pem", "no file is there")]
    [InlineData("SYNCMCP_PROXY", "proxy.example:8080", "none")]
    [InlineData("SYNCMCP_PROXY", "http://proxy.example/path", "none")]
    [InlineData("SYNCMCP_AUTH", "bearer", "header")]
    public void A_way_that_cannot_be_gone_is_named(string variable, string value, string said)
    {
        shell.Variables["SYNCMCP_URL"] = "https://sync.example:8181";
        shell.Variables[variable] = value;
        var wrong = Assert.Throws<SettingException>(() => shell.Read()).Message;
        Assert.Contains(variable, wrong, StringComparison.Ordinal);
        Assert.Contains(said, wrong, StringComparison.Ordinal);
    }

    [Fact]
    public void Corrected_routes_are_the_operators_and_of_one_server()
    {
        shell.Variables["SYNCMCP_URL"] = "https://Sync.Example:8181/api.rsc";
        Assert.Null(shell.Read().Way.Routes);
        Routes("""{"https://sync.example:8181": {"execute_job": "/jobs/{job_id}/run"}, "https://other.example": {"execute_job": "/jobs/{job_id}/go"}}""");
        Assert.Equal("/jobs/{job_id}/run", Assert.Single(shell.Read().Way.Routes!).Value);

        Routes("""{"https://sync.example:8181": {"list_jobs": "/workspaces/{workspace_id}/connections"}}""");
        Assert.Contains("list_connections", Assert.Throws<SettingException>(() => shell.Read()).Message, StringComparison.Ordinal);
        Routes("[]");
        Assert.Contains("routes.json", Assert.Throws<SettingException>(() => shell.Read()).Message, StringComparison.Ordinal);
        if (OperatingSystem.IsWindows())
            return; // modes are Unix's
        Routes("{}");
        File.SetUnixFileMode(RouteFile.PathIn(shell.Operator), (UnixFileMode)0b110_110_110);
        Assert.Contains("written by other users", Assert.Throws<SettingException>(() => shell.Read()).Message, StringComparison.Ordinal);

        void Routes(string json)
        {
            File.WriteAllText(RouteFile.PathIn(shell.Operator), json);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(RouteFile.PathIn(shell.Operator), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Theory]
    [InlineData(null, null, null, nameof(Mode.Guarded))]
    [InlineData(null, "read-only", null, nameof(Mode.ReadOnly))]
    [InlineData(null, "guarded", "read-only", nameof(Mode.ReadOnly))]
    [InlineData(null, "read-only", "guarded", nameof(Mode.ReadOnly))]
    [InlineData("unattended", null, null, nameof(Mode.Unattended))]
    [InlineData("unattended", "guarded", null, nameof(Mode.Guarded))]
    [InlineData("unattended", "unattended", null, nameof(Mode.Unattended))]
    [InlineData("read-only", "read-only", null, nameof(Mode.ReadOnly))]
    [InlineData("read-only", "guarded", null, null)]
    [InlineData("read-only", null, "guarded", null)]
    [InlineData(null, "unattended", null, null)]
    [InlineData(null, null, "unattended", null)]
    public void The_mode_can_be_tightened_but_never_loosened(string? file, string? variable, string? word, string? expected)
    {
        if (file is not null)
            shell.Policy($$"""{"mode": "{{file}}"}""");
        if (variable is not null)
            shell.Variables["SYNCMCP_MODE"] = variable;
        string[] args = word is null ? [] : ["--mode", word];
        if (expected is not null)
        {
            Assert.Equal(expected, shell.Read(args).Mode.ToString());
            return;
        }

        var refused = Assert.Throws<SettingException>(() => shell.Read(args));
        Assert.StartsWith(variable is null ? "--mode" : "SYNCMCP_MODE", refused.Message, StringComparison.Ordinal);
        Assert.Contains("looser", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("SYNCMCP_URL", "sync.example.com")]
    [InlineData("SYNCMCP_URL", "ftp://sync.example.com")]
    [InlineData("SYNCMCP_URL", "https://admin:secret@sync.example.com")]
    [InlineData("SYNCMCP_URL", "https://sync.example.com/?token=1")]
    [InlineData("SYNCMCP_URL", "${SYNC_URL}")]
    [InlineData("SYNCMCP_TOKEN", "two words")]
    [InlineData("SYNCMCP_TOKEN", "alone")]
    [InlineData("SYNCMCP_MODE", "readonly")]
    [InlineData("SYNCMCP_MODE", "1")]
    [InlineData("SYNCMCP_WORKSPACE", "a\u0007b")]
    [InlineData("SYNCMCP_TOOLSETS", "jobs,pipeline")]
    [InlineData("SYNCMCP_TOOLSETS", ",")]
    [InlineData("SYNCMCP_TOOLS", "list_job")]
    [InlineData("SYNCMCP_DENY_TOOLS", "delete_everything")]
    [InlineData("SYNCMCP_SURFACE", "tiny")]
    [InlineData("SYNCMCP_DATA", "/etc/hostname")]
    [InlineData("SYNCMCP_DATA", "${workspaceFolder}/data")]
    public void A_bad_value_is_an_error_that_names_its_variable_and_shows_no_secret(string variable, string value)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && value.StartsWith('/'), "no such file there");
        shell.Variables[variable] = value;
        var refused = Assert.Throws<SettingException>(() => shell.Read());
        Assert.StartsWith(variable, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
        if (variable == "SYNCMCP_TOKEN")
            Assert.DoesNotContain(value, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--tools", "list_jobs", "--toolsets", "connections")]
    [InlineData("--tools", "list_jobs", "--deny-tools", "list_jobs")]
    [InlineData("--tools", "execute_job", "--mode", "read-only")]
    public void A_choice_that_leaves_no_tool_is_an_error_that_repeats_it(params string[] args)
    {
        var refused = Assert.Throws<SettingException>(() => shell.Read(args)).Message;
        Assert.StartsWith("No tool is left", refused, StringComparison.Ordinal);
        Assert.Contains(args[1], refused, StringComparison.Ordinal);
        Assert.Contains(args[3], refused, StringComparison.Ordinal);
    }

    [Fact]
    public void Tools_are_chosen_by_area_and_by_name_in_any_case()
    {
        shell.Variables["SYNCMCP_DENY_TOOLS"] = "delete_job, Run_Job";
        var options = shell.Read("--toolsets", "Jobs, connections", "--surface=compact");

        Assert.Equal(["jobs", "connections"], options.Tools.Toolsets);
        Assert.Equal(["delete_job", "execute_job"], options.Tools.Never);
        Assert.Equal(SyncMcp.Tools.Surface.Compact, options.Surface);
    }

    [Theory]
    [InlineData("   ")]
    [InlineData("")]
    public void A_blank_variable_says_nothing(string blank)
    {
        foreach (var name in OptionsReader.Variables)
            shell.Variables[name] = blank;
        Assert.Null(shell.Read().Server);
    }

    [Theory]
    [InlineData("{\"data\": \"/d\"")]
    [InlineData("{\"dta\": \"/d\"}")]
    [InlineData("{\"mode\": \"guarded\"}")]
    [InlineData("[]")]
    [InlineData("{\"url\": 1}")]
    [InlineData("{\"token\": \"t\"}")]
    public void A_configuration_that_is_not_understood_is_an_error_that_names_the_file(string json)
    {
        shell.Config(json);
        Assert.Contains("config.json", Assert.Throws<SettingException>(() => shell.Read()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", UnixFileMode.GroupWrite)]
    [InlineData("{}", UnixFileMode.OtherWrite)]
    [InlineData("""{"url": "https://a.example", "token": "t"}""", UnixFileMode.OtherRead)]
    public void A_configuration_that_others_could_have_written_or_read_a_token_from_is_refused(string json, UnixFileMode more)
    {
        if (OperatingSystem.IsWindows())
            return; // modes are Unix's
        shell.Config(json, UnixFileMode.UserRead | UnixFileMode.UserWrite | more);
        Assert.Contains("chmod 600", Assert.Throws<SettingException>(() => shell.Read()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_policy_that_others_could_have_written_or_that_is_not_understood_is_refused()
    {
        shell.Policy("""{"mode": "open"}""");
        Assert.Contains("mode is read-only, guarded or unattended", Assert.Throws<SettingException>(() => shell.Read()).Message, StringComparison.Ordinal);
        shell.Policy("""{"denny": ["delete_job"]}""");
        Assert.Contains("denny", Assert.Throws<SettingException>(() => shell.Read("--mode", "read-only")).Message, StringComparison.Ordinal);
        if (OperatingSystem.IsWindows())
            return; // modes are Unix's
        shell.Policy("""{"mode": "unattended"}""", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);
        Assert.Contains("policy.json", Assert.Throws<SettingException>(() => shell.Read()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(true, "--data", "/x")]
    [InlineData(true, "--data=/x", "--mode", "read-only")]
    [InlineData(false, "demo")]
    [InlineData(false, "--help")]
    [InlineData(false, "--data")]
    [InlineData(false, "--data", "--help")]
    [InlineData(false, "--data=")]
    [InlineData(false, "--data", "/x", "tools")]
    [InlineData(false, "--data", "/x", "--data", "/y")]
    [InlineData(false, "--dta", "/x")]
    public void Only_arguments_that_are_all_options_of_the_server_take_the_short_way(bool taken, params string[] args) =>
        Assert.Equal(taken, StartWords.Read(args) is not null);
}
