using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SyncMcp.Commands;
using SyncMcp.Settings;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Commands;

/// <summary><c>syncmcp doctor --probe</c> at servers that are not ours.</summary>
public sealed class ProbeTests : IDisposable
{
    private readonly Shell shell = new();

    private string RoutesFile => RouteFile.PathIn(shell.Operator);

    public void Dispose() => shell.Dispose();

    [Fact]
    public async Task A_server_whose_routes_are_the_catalogues_needs_no_correction()
    {
        await using var server = await StartAsync(new());
        var (exit, text, _) = await shell.RunAsync("doctor", "--probe");
        Assert.True(exit == ExitCode.Done, text);
        Assert.Contains("ok    GET /workspaces (list_workspaces): answers (1)", text, StringComparison.Ordinal);
        Assert.Contains($"ok    GET /jobs/{{job_id}}/history (list_job_history): answers (0)", text, StringComparison.Ordinal);
        Assert.Contains("note  GET /connections/{connection_id}/logs (list_connection_logs): 405", text, StringComparison.Ordinal);
        Assert.Contains("note  GET /jobs/{job_id}/tasks/last-run (list_last_task_runs): 404", text, StringComparison.Ordinal);
        // Nothing there may be contacted for a look at routes: a connection that is not there is asked about.
        Assert.Contains("ok    GET /connections/{connection_id}/tables (list_connection_tables): there", text, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Requests, request => request.Contains($"/connections/{OtherSync.Source}/tables", StringComparison.Ordinal));
        Assert.All(server.Requests, request => Assert.StartsWith("GET ", request, StringComparison.Ordinal));
        Assert.DoesNotContain(OtherSync.Token, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Routes_that_differ_are_found_in_the_servers_text_and_written_down_and_then_used()
    {
        await using var server = await StartAsync(new() { Execute = "run", History = "runs", RunIds = true });
        var (exit, text, _) = await shell.RunAsync("doctor", "--probe");
        Assert.True(exit == ExitCode.Done, text);
        Assert.Contains("at the same route and 3 at another", text, StringComparison.Ordinal);
        Assert.Contains("ok    GET /jobs/{job_id}/runs (list_job_history): answers (0)", text, StringComparison.Ordinal);
        Assert.Contains("corrected: execute_job is POST /jobs/{job_id}/run, by the server's own text (not tried", text, StringComparison.Ordinal);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(RoutesFile));

        var routes = shell.Read().Way.Routes!;
        Assert.Equal(["cancel_job", "execute_job", "list_job_history"], routes.Keys.Order());
        Assert.Equal("/jobs/{job_id}/halt", routes["cancel_job"]);
        await using var session = await SyncSession.StartAsync(options => options with { Server = server.Address, Token = OtherSync.Token, Way = new() { Routes = routes } });
        session.Person.Confirms();
        (await session.CallAsync("execute_job", new { job_id = "nightly" })).Ok();
        Assert.Single(server.Runs);

        // What the operator has written is not written over.
        var before = await File.ReadAllTextAsync(RoutesFile, TestContext.Current.CancellationToken);
        Assert.Contains("stays as it is: 3 corrected routes", (await shell.RunAsync("doctor", "--probe")).Out, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(RoutesFile, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Without_a_text_the_routes_are_tried_and_nothing_is_guessed()
    {
        await using var server = await StartAsync(new() { Describes = false, History = "runs" });
        var (_, text, _) = await shell.RunAsync("doctor", "--probe");
        Assert.Contains("describes version 1 of the API; there is no text of version 2", text, StringComparison.Ordinal);
        Assert.Contains("note  GET /jobs/{job_id}/history (list_job_history): 404", text, StringComparison.Ordinal);
        Assert.False(File.Exists(RoutesFile));
    }

    [Fact]
    public async Task Where_a_404_says_nothing_it_is_said_that_nobody_can_tell()
    {
        await using var server = await StartAsync(new() { Mute = true });
        var (_, text, _) = await shell.RunAsync("doctor", "--probe");
        Assert.Contains("(get_pipeline): 404, as for a route that is not there", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_with_version_one_only_is_named_so()
    {
        await using var server = await StartAsync(new() { VersionTwo = false });
        var (exit, text, _) = await shell.RunAsync("doctor", "--probe");
        Assert.Equal(ExitCode.NotDone, exit);
        Assert.Contains("(server_too_old)", text, StringComparison.Ordinal);
        Assert.Contains("Update the Sync server to 26.1 or newer", text, StringComparison.Ordinal);
        Assert.DoesNotContain("list_jobs", text, StringComparison.Ordinal);

        await using var session = await server.SessionAsync();
        (await session.CallAsync("list_jobs")).Refused("server_too_old").Naming("26.1", "operator");
    }

    [Fact]
    public async Task A_token_that_is_taken_the_other_way_only_is_noticed()
    {
        await using var server = await StartAsync(new() { BasicOnly = true });
        Assert.Contains("WRONG The server takes the token as basic.", (await shell.RunAsync("doctor", "--probe")).Out, StringComparison.Ordinal);
        shell.Variables["SYNCMCP_AUTH"] = "basic";
        Assert.Equal(ExitCode.Done, (await shell.RunAsync("doctor", "--probe")).Exit);
    }

    [Fact]
    public async Task A_servers_text_cannot_lead_one_operation_onto_anothers_route()
    {
        await using var server = await StubServer.StartAsync();
        server.On("GET /$oas", """
            {"openapi":"3.0.0","paths":{
              "/jobs/{id}":{"post":{"operationId":"executeJob"},"delete":{"operationId":"cancelJob"}},
              "/jobs/{id}/go":{"post":{"operationId":"cancelJob"}},
              "/jobs/{id}/stop":{"post":{"operationId":"execute_job"}},
              "/jobs/{id}/run?now=1":{"post":{"operationId":"executeJob"}},
              "/users/{id}/../x":{"get":{"operationId":"getUser"}}}}
            """).List("/workspaces", []);
        Use(server.Address, StubServer.Token);
        await shell.RunAsync("doctor", "--probe");
        // execute_job is there twice, so it is not sure; the rest is another verb, or no route.
        Assert.Equal("/jobs/{job_id}/go", Assert.Single(shell.Read().Way.Routes!).Value);
    }

    [Fact]
    public async Task An_engine_of_ours_has_every_read_of_the_catalogue()
    {
        await using var engine = await Engine.EngineHost.StartAsync(new() { DataDirectory = shell["server"], Port = 0 }, TestContext.Current.CancellationToken);
        Use(new($"http://127.0.0.1:{engine.Port}"), engine.Token);
        var (exit, text, _) = await shell.RunAsync("doctor", "--probe");
        Assert.True(exit == ExitCode.Done, text);
        Assert.DoesNotContain("missing", text, StringComparison.Ordinal);
        Assert.DoesNotContain("cannot be told", text, StringComparison.Ordinal);
        Assert.DoesNotContain("another shape", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_with_a_certificate_of_its_own_is_explained_and_then_reached_by_its_file()
    {
        using var certificate = SelfSigned("localhost");
        await using var server = await OtherSync.StartAsync(new() { Certificate = certificate });
        Use(new($"https://localhost:{server.Address.Port}"), OtherSync.Token);
        var (exit, text, _) = await shell.RunAsync("doctor");
        Assert.Equal(ExitCode.NotDone, exit);
        Assert.Contains("No encrypted connection: nobody who is trusted here vouches", text, StringComparison.Ordinal);
        Assert.Contains("CN=localhost", text, StringComparison.Ordinal);
        Assert.Contains("SYNCMCP_CA_FILE", text, StringComparison.Ordinal);
        Assert.Empty(server.Requests);

        await File.WriteAllTextAsync(shell["server.pem"], certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        shell.Variables["SYNCMCP_CA_FILE"] = shell["server.pem"];
        (exit, text, _) = await shell.RunAsync("doctor", "--probe");
        Assert.True(exit == ExitCode.Done, text);
        Assert.Contains("(list_jobs): answers (1)", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_embedded_engine_needs_no_probe()
    {
        Assert.Contains("the embedded engine serves", (await shell.RunAsync("doctor", "--probe")).Out, StringComparison.Ordinal);
        Assert.False(File.Exists(RoutesFile));
    }

    private async Task<OtherSync> StartAsync(OtherTraits traits)
    {
        var server = await OtherSync.StartAsync(traits);
        Use(server.Address, OtherSync.Token);
        return server;
    }

    private static X509Certificate2 SelfSigned(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var made = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(2));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    private void Use(Uri address, string token)
    {
        shell.Variables["SYNCMCP_URL"] = address.ToString();
        shell.Variables["SYNCMCP_TOKEN"] = token;
    }
}
