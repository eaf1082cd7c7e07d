using System.Text.Json.Nodes;
using static SyncMcp.Commands.Demo.Scene;

namespace SyncMcp.Commands.Demo;

/// <summary>The proof past the engine, the sum, and how to go on.</summary>
internal static class ProofChapter
{
    public static void Compare(Scene scene)
    {
        scene.Screen.Chapter(9, "Both sides hold the same rows");
        var (source, destination) = (scene.Playground.Source, scene.Playground.Destination);
        foreach (var (table, key) in ShopSchema.Tables)
        {
            var columns = TableDigest.Columns(source, table);
            if (!columns.SequenceEqual(TableDigest.Columns(destination, table)))
            {
                scene.Checks.That(held: false, $"{table}: the same columns");
                continue;
            }

            var (left, right) = (TableDigest.Of(source, table, columns, key), TableDigest.Of(destination, table, columns, key));
            scene.Checks.Same(left, right, $"{table}: {left.Rows:N0} rows, every value the same (SHA-256 {left.Sha256[..16]}…)");
        }
    }

    public static void Sum(Scene scene, JsonObject first, TimeSpan elapsed)
    {
        var seconds = Number(first, "runtime") / 1000.0;
        scene.Screen.Chapter(scene.Stage.Postgres is null ? 10 : 11, "In short");
        scene.Screen.Facts(
            ("first run", $"{Number(first, "records_affected"):N0} rows in {seconds:0.00} s"),
            ("rows/s", seconds > 0 ? $"{Number(first, "records_affected") / seconds:N0}" : "too fast to tell"),
            ("second run", $"{scene.Size.Changed.Total + scene.Size.Added.Total:N0} rows, found by their check columns"),
            ("questions", $"{scene.Person.Asked.Count} asked, {(scene.Person.Agreed == 0 ? "all declined" : $"{scene.Person.Agreed} agreed to, the others declined")}"),
            ("whole demo", $"{elapsed.TotalSeconds:0.0} s"));
    }

    public static void NextSteps(Screen screen, Playground playground)
    {
        if (playground.IsKept)
            screen.Say($"The data is kept in {playground.Data}; look at it with --data {playground.Data}");
        screen.Say("To use it from your client, paste into its settings (merge with what is there):");
        var (command, arguments) = ClientSettings.ThisProgram();
        foreach (var (client, file, json) in ClientSettings.For(command, arguments))
        {
            screen.Say("");
            screen.Say($"{client}, {file}:");
            screen.Copy(json);
        }
    }
}
