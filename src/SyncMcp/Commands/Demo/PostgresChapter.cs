using static SyncMcp.Commands.Demo.Scene;

namespace SyncMcp.Commands.Demo;

/// <summary>The shop once more, into a PostgreSQL server: a first contact and a first run that a person allows, every value compared, a change carried over.</summary>
internal static class PostgresChapter
{
    private const string Server = "postgres";
    private const string Load = "shop-to-postgres";
    private const int Sold = 250;

    public static async Task TellAsync(Scene scene, PostgresPlace place, CancellationToken ct)
    {
        var (screen, assistant) = (scene.Screen, scene.Assistant);
        screen.Chapter(10, "The same shop into PostgreSQL");
        await place.MakeSchemaAsync(ct);
        try
        {
            screen.Say($"Made the schema {PostgresPlace.Schema} on the server that --postgres names{(scene.Playground.IsKept ? "" : "; it is dropped at the end")}. A host is a place that nobody allowed yet: the person, who typed it, is asked before anything is sent there.");
            scene.Person.Agrees = true;
            await SetUpAsync(scene, place, ct);
            var first = await scene.RunAsync(scene.Size.Rows + scene.Size.Added.Total, ct, Load);
            scene.Person.Agrees = false;
            scene.Checks.Same(("Successful", (long)(scene.Size.Rows + scene.Size.Added.Total)), (Text(first, "status"), Number(first, "records_affected")), "every row arrived, by COPY");
            if (Text(first, "status") != "Successful")
                throw new StoryEndedException($"the run into PostgreSQL: {Text(first, "status")}: {Text(first, "details")}");
            await CompareAsync(scene, place, ct);

            Database.Execute(scene.Playground.Source, $"UPDATE orders SET status = 'paid', note = 'Ærø → 東京', updated_at = '2026-01-06 10:00:00' WHERE id <= {Sold}");
            screen.Say($"{Sold} orders are paid.");
            var asked = scene.Person.Asked.Count;
            var second = await scene.RunAsync(Sold, ct, Load);
            scene.Checks.Same((long)Sold, Number(second, "records_affected"), $"records_affected is exactly {Sold}");
            scene.Checks.Same(asked, scene.Person.Asked.Count, "the repeat asked nothing");
            await CompareAsync(scene, place, ct);
        }
        finally
        {
            if (!scene.Playground.IsKept)
                await place.DropSchemaAsync();
        }
    }

    private static async Task SetUpAsync(Scene scene, PostgresPlace place, CancellationToken ct)
    {
        var assistant = scene.Assistant;
        await assistant.CallAsync("create_connection", place.Connection(Server), made => $"connection {Text(made, "name")}", ct);
        var test = await assistant.CallAsync("test_connection", new() { ["connection_id"] = Server }, tested => $"success: {Text(tested, "success")}. {Text(tested, "message")}", ct);
        scene.Checks.That(test["success"]?.GetValue<bool>() == true, "the server answers");
        await assistant.CallAsync("create_job", new() { ["name"] = Load, ["source_connection"] = SourceName, ["destination_connection"] = Server }, made => $"job {Text(made, "name")}", ct);
        foreach (var (table, _) in ShopSchema.Tables)
            await assistant.CallAsync("add_job_task", new() { ["job_id"] = Load, ["table"] = table }, made => $"task {Text(made, "position")}: {table}", ct);
    }

    private static async Task CompareAsync(Scene scene, PostgresPlace place, CancellationToken ct)
    {
        foreach (var (table, key) in ShopSchema.Tables)
        {
            var (rows, differing) = await ShopRows.CompareAsync(scene.Playground.Source, place, table, key, ct);
            scene.Checks.Same(0L, differing, $"{table}: {rows:N0} rows, every value the same on both sides");
        }
    }
}
