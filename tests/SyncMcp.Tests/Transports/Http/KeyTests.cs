using System.Net;
using SyncMcp.Settings;
using SyncMcp.Tests.Testing;
using SyncMcp.Transports.Http;

namespace SyncMcp.Tests.Transports.Http;

public sealed class KeyTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Where_others_can_reach_it_the_server_does_not_start_before_anybody_can_say_who_he_is(bool noAuth)
    {
        var refused = await Assert.ThrowsAsync<SettingException>(() => HttpSession.StartAsync(http => http with { Host = IPAddress.Any, NoAuth = noAuth }));
        Assert.Contains(noAuth ? "--no-auth is for loopback only" : "syncmcp key create", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_others_can_reach_it_a_key_that_was_given_out_counts_and_the_one_of_loopback_does_not()
    {
        var key = "";
        await using var session = await HttpSession.StartAsync(http => http with { Host = IPAddress.Any }, prepare: folder =>
        {
            LoopbackKey.ReadOrMake(folder["operator"]);
            key = HttpSession.GiveKey(folder["operator"], "ci", Scope.Read);
        });
        using var good = await session.PostCallAsync(("Authorization", $"Bearer {key}"));
        using var local = await session.PostCallAsync(("Authorization", $"Bearer {(await File.ReadAllTextAsync(Path.Combine(session.Options.OperatorFolder, "http.key"), TestContext.Current.CancellationToken)).Trim()}"));
        using var none = await session.PostCallAsync();

        Assert.Equal(HttpStatusCode.OK, good.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, local.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, none.StatusCode);
        Assert.Null(session.Server.KeyFile);
    }

    [Fact]
    public async Task A_key_is_listed_and_called_with_what_its_scope_opens()
    {
        var (read, operate) = ("", "");
        await using var session = await HttpSession.StartAsync(prepare: folder =>
        {
            read = HttpSession.GiveKey(folder["operator"], "reader", Scope.Read);
            operate = HttpSession.GiveKey(folder["operator"], "operator", Scope.Operate);
        });
        await using var reader = await session.ConnectAsync(key: read);
        await using var worker = await session.ConnectAsync(key: operate);
        var offered = (await reader.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken)).Select(tool => tool.Name).ToList();

        Assert.Contains("list_jobs", offered);
        Assert.DoesNotContain("create_workspace", offered);
        var refused = await HttpSession.CallAsync(reader, "create_workspace", new { name = "Shop" });
        Assert.Equal("policy_denied", refused.Code);
        Assert.Contains("'key:reader' has sync:read", refused.Text, StringComparison.Ordinal);
        (await HttpSession.CallAsync(worker, "create_workspace", new { name = "Shop" })).Ok();
        Assert.Equal("policy_denied", (await HttpSession.CallAsync(worker, "delete_workspace", new { workspace_id = "Shop" })).Code);
    }

    [Fact]
    public async Task The_audit_log_names_whose_key_it_was()
    {
        var key = "";
        await using var session = await HttpSession.StartAsync(prepare: folder => key = HttpSession.GiveKey(folder["operator"], "ci", Scope.Operate));
        await using var client = await session.ConnectAsync(key: key);
        (await HttpSession.CallAsync(client, "create_workspace", new { name = "Shop" })).Ok();

        var log = await File.ReadAllTextAsync(Directory.EnumerateFiles(session.Options.DataDirectory, "audit.jsonl", SearchOption.AllDirectories).Single(), TestContext.Current.CancellationToken);
        Assert.Contains("\"who\":\"key:ci\"", log, StringComparison.Ordinal);
        Assert.DoesNotContain(key, log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_hash_of_a_key_is_kept()
    {
        using var folder = new TempFolder();
        var key = HttpSession.GiveKey(folder["operator"], "ci", Scope.Read);
        var file = Path.Combine(folder["operator"], "keys.json");

        Assert.StartsWith(ApiKeys.Prefix, key, StringComparison.Ordinal);
        Assert.True(key.Length >= 47);
        Assert.DoesNotContain(key[ApiKeys.Prefix.Length..], await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public void A_key_counts_from_when_it_is_given_out_and_no_longer_once_it_is_taken_back_while_the_server_runs()
    {
        using var folder = new TempFolder();
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var server = new ApiKeys(folder["operator"], time);
        Assert.Null(server.Find(Hash("nothing")));

        var key = HttpSession.GiveKey(folder["operator"], "ci", Scope.Operate);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(new Principal("key:ci", Scope.Operate), server.Find(Hash(key)));

        new ApiKeys(folder["operator"], time).Revoke("ci");
        File.SetLastWriteTimeUtc(Path.Combine(folder["operator"], "keys.json"), time.GetUtcNow().UtcDateTime.AddSeconds(5)); // a clock too coarse to see it
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Null(server.Find(Hash(key)));
    }

    [Fact]
    public void A_list_of_keys_that_others_could_have_written_lets_nobody_in()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var folder = new TempFolder();
        var key = HttpSession.GiveKey(folder["operator"], "ci", Scope.Admin);
        File.SetUnixFileMode(Path.Combine(folder["operator"], "keys.json"), (UnixFileMode)0b110_110_110);

        Assert.Null(new ApiKeys(folder["operator"], TimeProvider.System).Find(Hash(key)));
    }

    [Fact]
    public async Task A_key_of_loopback_that_others_can_read_is_refused()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var place = new TempFolder();
        File.SetUnixFileMode(LoopbackKey.ReadOrMake(place["operator"]).Path, (UnixFileMode)0b110_100_100);
        var refused = await Assert.ThrowsAsync<SettingException>(() => HttpSession.StartAsync(configure: options => options with { OperatorFolder = place["operator"] }));
        Assert.Contains("chmod 600", refused.Message, StringComparison.Ordinal);
    }

    private static byte[] Hash(string key) => System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key));
}
