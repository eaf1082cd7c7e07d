using System.Text.Json.Nodes;

namespace SyncMcp.Tests.Testing;

/// <summary>A small shop with a job named <c>copy</c> (customers, orders), its two tables at the destination, and transformations there.</summary>
internal sealed class Warehouse
{
    private readonly SyncSession session;

    private Warehouse(SyncSession session, SmallShop shop) => (this.session, Shop) = (session, shop);

    public SmallShop Shop { get; }

    /// <summary>Id of the job <c>copy</c>.</summary>
    public string Job { get; private init; } = "";

    /// <summary>Makes it; the person says yes to everything.</summary>
    public static async Task<Warehouse> OpenAsync(SyncSession session)
    {
        session.Person.Confirms();
        var shop = await SmallShop.OpenAsync(session);
        return new(session, shop) { Job = await shop.JobAsync("customers", "orders") };
    }

    /// <summary>A transformation named <c>net</c> with a task for each statement; its id.</summary>
    public Task<string> TransformationAsync(params string[] statements) => TransformationAsync(new JsonObject { ["name"] = "net" }, statements);

    /// <summary>A transformation with more members; its id.</summary>
    public async Task<string> TransformationAsync(JsonObject members, params string[] statements)
    {
        members["destination_connection"] ??= "warehouse";
        var id = (await session.CallAsync("create_transformation", members)).Ok().Id;
        foreach (var query in statements)
            await AddAsync(id, query);
        return id;
    }

    /// <summary>A task; its id.</summary>
    public async Task<string> AddAsync(string transformation, string query, string? name = null) =>
        (await session.CallAsync("add_transformation_task", new { transformation_id = transformation, query, name = name ?? query.Split(' ')[^1] })).Ok().Id;

    /// <summary>Names of the tasks of a transformation in order.</summary>
    public async Task<IReadOnlyList<string>> TasksAsync(string transformation) =>
        [.. (await session.CallAsync("list_transformation_tasks", new { transformation_id = transformation })).Ok().Items.Select(task => (string)task["name"]!)];

    /// <summary>Runs a transformation to its end; the run with its tasks.</summary>
    public async Task<JsonObject> RunAsync(string transformation)
    {
        (await session.CallAsync("execute_transformation", new { transformation_id = transformation })).Ok();
        return await EndedAsync(transformation);
    }

    /// <summary>Asks until the run of a transformation has ended.</summary>
    public Task<JsonObject> EndedAsync(string transformation) => session.RunEndedAsync("get_transformation_status", new { transformation_id = transformation });
}
