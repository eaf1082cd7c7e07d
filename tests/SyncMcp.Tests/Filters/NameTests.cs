using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Filters;

/// <summary>Wherever an id is taken, a unique name is too.</summary>
public sealed class NameTests : IAsyncLifetime
{
    private const string Guid1 = "11111111-1111-1111-1111-111111111111";
    private const string Guid2 = "22222222-2222-2222-2222-222222222222";

    private StubServer server = null!;
    private SyncSession session = null!;

    public async ValueTask InitializeAsync()
    {
        server = await StubServer.StartAsync();
        server.List("/workspaces", [Thing("default", "Default"), Thing(Guid2, "Sales")]);
        server.List("/workspaces/default/jobs", [Thing("a", "Orders"), Thing("b", "orders"), Thing("c", "Twin"), Thing("d", "Twin"), Thing("e", Guid1), Thing("Orders2", "f"), Thing("f", "x")]);
        server.List($"/workspaces/{Guid2}/jobs", [Thing("s1", "Invoices"), Thing("s2", "Orders")]);
        foreach (var id in new[] { "a", "b", "c", "e", "f", "s1", "s2", Guid1 })
            server.On($"GET /jobs/{id}", Thing(id, "any"));
        session = await server.SessionAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await session.DisposeAsync();
        await server.DisposeAsync();
    }

    [Theory]
    [InlineData("Orders", "a")] // the exact name before the name without case
    [InlineData("orders", "b")]
    [InlineData("f", "f")] // an equal id before an equal name
    [InlineData("INVOICES", "s1")] // elsewhere, where nothing at home matches
    public async Task A_name_finds_its_id(string name, string id) => Assert.Equal(id, (await session.CallAsync("get_job", new { job_id = name })).Ok().Id);

    [Theory]
    [InlineData("Twin", "c", "d")]
    [InlineData("ORDERS", "a", "b")]
    public async Task A_name_of_several_is_answered_with_the_candidates(string name, params string[] ids)
    {
        var answer = (await session.CallAsync("get_job", new { job_id = name })).Refused("ambiguous_name");

        Assert.Equal(ids, answer.Structured["details"]!["candidates"]!.AsArray().Select(candidate => (string)candidate!["id"]!));
    }

    [Fact]
    public async Task A_text_that_looks_like_an_id_is_one_and_nobody_is_asked()
    {
        await session.CallAsync("get_job", new { job_id = Guid1 });

        Assert.Equal([$"GET /jobs/{Guid1}"], server.Requests);
    }

    [Fact]
    public async Task An_unknown_name_is_answered_with_the_nearest()
    {
        var answer = (await session.CallAsync("get_job", new { job_id = "Invoises" })).Refused("not_found");

        Assert.Equal("Invoices", (string)answer.Structured["details"]!["nearest"]![0]!);
        Assert.Contains("list_jobs", (string)answer.Structured["next"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workspace_is_found_by_its_name_and_its_jobs_by_theirs() =>
        Assert.Equal(["s1", "s2"], (await session.CallAsync("list_jobs", new { workspace_id = "sales" })).Ok().Items.Select(job => (string)job["id"]!));

    private static JsonObject Thing(string id, string name) => new() { ["id"] = id, ["name"] = name };
}
