using static SyncMcp.Client.Tests.Sending.Replies;

namespace SyncMcp.Client.Tests.Sending;

/// <summary>Servers that have the vendor's first API only.</summary>
public sealed class VersionTests
{
    private static readonly Reply Missing = Text(404, "text/html", "<html><title>Error 404 Not Found</title></html>");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/api.rsc/$oas", """{"swagger":"2.0","info":{"version":"1"},"paths":{"/executeJob":{"post":{}}}}""")]
    [InlineData("/api.rsc/", """{"@odata.context":"x","value":[{"name":"jobs"}]}""")]
    public async Task A_server_with_version_one_only_is_named_so_with_the_version_that_is_needed(string place, string says)
    {
        await using var server = new StubServer((request, _) => request.Path == place ? Answer(200, says) : Missing);
        using var client = server.Client();
        for (var call = 0; call < 3; call++)
        {
            var error = await Assert.ThrowsAsync<SyncApiException>(() => client.Jobs.ExecuteAsync(new() { JobId = "j" }, ct: Ct));
            Assert.Equal(("server_too_old", "execute_job", 1, false, false), (error.Code, error.Operation, error.Sends, error.MayHaveActed, error.Retryable));
            Assert.Contains("26.1", error.Message, StringComparison.Ordinal);
        }

        Assert.Single(server.Requests, request => request.Path == "/api.rsc/$oas"); // looked into once
    }

    [Fact]
    public async Task A_server_that_lacks_a_route_of_version_two_is_not_called_old()
    {
        await using var server = new StubServer((request, _) => request.Path switch
        {
            "/api.rsc/$oas" => Answer(200, """{"openapi":"3.0.1","paths":{}}"""),
            "/api.rsc/v2/workspaces" => Answer(200, "[]"),
            _ => Missing,
        });
        using var client = server.Client();
        Assert.Equal("not_found", (await Assert.ThrowsAsync<SyncApiException>(() => client.Jobs.ExecuteAsync(new() { JobId = "j" }, ct: Ct))).Code);
        await client.Workspaces.ListAsync(Ct);
        var before = server.Requests.Count;
        Assert.Equal("not_found", (await Assert.ThrowsAsync<SyncApiException>(() => client.Jobs.GetAsync(new() { JobId = "j" }, Ct))).Code);
        Assert.Equal(before + 1, server.Requests.Count); // it has answered before: nobody wonders any more
    }

    [Fact]
    public async Task A_description_is_read_with_the_token_from_where_each_version_has_it()
    {
        await using var server = new StubServer((request, _) => request.Path == "/api.rsc/v2/$oas" ? Answer(200, "\uFEFF{\"openapi\":\"3.0.1\",\"paths\":{\"/jobs\":{}}}") : Missing);
        using var client = server.Client(options => options with { Server = new(options.Server, "/api.rsc/$oas") });
        Assert.True((await client.DescriptionAsync(ApiVersion.Two, Ct))!.Document["paths"]!.AsObject().ContainsKey("/jobs"));
        Assert.Null(await client.DescriptionAsync(ApiVersion.One, Ct));
        Assert.Equal(["/api.rsc/v2/$oas", "/api.rsc/$oas"], server.Requests.Select(request => request.Path));
        Assert.All(server.Requests, request => Assert.Equal("t0ken", request.Headers["x-cdata-authtoken"]));
    }
}
