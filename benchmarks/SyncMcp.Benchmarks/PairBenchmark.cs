using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;

namespace SyncMcp.Benchmarks;

/// <summary>Real runs between CSV, SQLite and PostgreSQL, each beside what the tools of the two sides do at best, in turn on one machine.</summary>
internal sealed class PairBenchmark(string files, BenchServer server, int rows)
{
    private const string SqliteColumns = "id INTEGER PRIMARY KEY, name TEXT NOT NULL, city VARCHAR(20), quantity INTEGER, price REAL, note TEXT, born DATE, updated_at DATETIME NOT NULL";
    private const string PostgresColumns = "id bigint PRIMARY KEY, name text NOT NULL, city varchar(20), quantity bigint, price double precision, note text, born date, updated_at timestamp NOT NULL";
    private const string Typed = "id BIGINT, name TEXT, city VARCHAR(20), quantity BIGINT, price REAL, note TEXT, born DATE, updated_at DATETIME, PRIMARY KEY(id)";

    private sealed record Measure(double Seconds, double Megabytes, double EmptyMilliseconds, double CpuSeconds);

    /// <summary>A way to move the rows. The limit comes first.</summary>
    private sealed record Contestant(string Pair, double Bar, Func<Task> Before, Func<Task<Measure>> Limit, Func<Task<Measure>> Ours);

    public static async Task<int> RunAsync(string[] args)
    {
        var rows = Options.Number(args, "--rows", 1_000_000);
        var rounds = Options.Number(args, "--rounds", 3);
        var only = Options.Text(args, "--only");
        var folder = Directory.CreateTempSubdirectory("syncmcp-bench").FullName;
        try
        {
            using var server = await BenchServer.StartAsync();
            var bench = new PairBenchmark(Directory.CreateDirectory(Path.Combine(folder, "data", "files")).FullName, server, rows);
            await bench.FillAsync();
            Console.WriteLine($"{rows:N0} rows x 8 columns, median of {rounds} rounds, {Environment.ProcessorCount} cores");
            Console.WriteLine($"{"",-34}{"limit s",9}{"ours s",9}{"min..max",15}{"rows/s",12}{"ratio",8}{"bar",6}{"limit cpu",11}{"cpu s",8}{"peak MB",9}{"empty ms",10}");
            foreach (var contestant in bench.Contestants().Where(contestant => only is null || contestant.Pair.Contains(only, StringComparison.OrdinalIgnoreCase)))
                await bench.CompareAsync(contestant, rounds);
            return 0;
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    private IEnumerable<Contestant> Contestants()
    {
        var csv = PairWorker.Spell("CSV", ("URI", "csv"));
        var sqlite = PairWorker.Spell("SQLite", ("Data Source", "source.db"));
        var file = PairWorker.Spell("SQLite", ("Data Source", "destination.db"));
        var postgres = PairWorker.Spell("PostgreSQL", server.Properties);
        var postgresSource = PairWorker.Spell("PostgreSQL", server.Properties.Append(("Schema", "bench")));
        yield return new(
            "CSV -> SQLite",
            1.5,
            NothingAsync,
            () => SqliteAsync($"CREATE TABLE t({SqliteColumns});\n.import --csv --skip 1 {Csv} t\nSELECT count(*) FROM t;"),
            () => OursAsync(csv, file, $"REPLICATE [t] ({Typed}) SELECT * FROM [t.csv]", $"REPLICATE [warm] ({Typed}) SELECT * FROM [warm.csv]"));
        yield return new(
            "SQLite -> CSV",
            1.0,
            () =>
            {
                if (Directory.Exists(Path.Combine(files, "out")))
                    Directory.Delete(Path.Combine(files, "out"), recursive: true);
                return Task.CompletedTask;
            },
            () => SqliteAsync($"ATTACH '{Path.Combine(files, "source.db")}' AS src;\n.headers on\n.mode csv\n.output {Path.Combine(files, "shell.csv")}\nSELECT * FROM src.t;\n.output stdout\n.headers off\nSELECT count(*) FROM src.t;"),
            () => OursAsync(sqlite, PairWorker.Spell("CSV", ("URI", "out")), "REPLICATE [t]", "REPLICATE [warm]"));
        yield return new(
            "SQLite -> PostgreSQL, first load",
            1.0,
            () => server.PsqlAsync("DROP SCHEMA public CASCADE; CREATE SCHEMA public;"),
            () => PostgresAsync($"CREATE TABLE t({PostgresColumns});\n\\copy t FROM '{Csv}' CSV HEADER\nSELECT count(*) FROM t;"),
            () => OursAsync(sqlite, postgres, "REPLICATE [t]", "REPLICATE [warm]"));
        yield return new(
            "SQLite -> PostgreSQL, all changed",
            0.9,
            FillTargetAsync,
            () => PostgresAsync($"""
                BEGIN;
                CREATE TEMP TABLE stage(LIKE t) ON COMMIT DROP;
                \copy stage FROM '{Csv}' CSV HEADER
                INSERT INTO t SELECT * FROM stage ON CONFLICT(id) DO UPDATE SET name = excluded.name, city = excluded.city, quantity = excluded.quantity, price = excluded.price, note = excluded.note, born = excluded.born, updated_at = excluded.updated_at;
                COMMIT;
                SELECT count(*) FROM t;
                """),
            () => OursAsync(sqlite, postgres, "REPLICATE [t]", "REPLICATE [warm]", adopts: "t"));
        yield return new(
            "PostgreSQL -> SQLite",
            1.3,
            NothingAsync,
            async () =>
            {
                var out1 = await server.PsqlAsync($"\\copy (SELECT * FROM bench.src ORDER BY id) TO '{Path.Combine(files, "out.csv")}' CSV HEADER");
                var in1 = await SqliteAsync($"CREATE TABLE t({SqliteColumns});\n.import --csv --skip 1 {Path.Combine(files, "out.csv")} t\nSELECT count(*) FROM t;");
                return in1 with { Seconds = in1.Seconds + out1.Seconds, Megabytes = Math.Max(in1.Megabytes, out1.Megabytes) };
            },
            () => OursAsync(postgresSource, file, "REPLICATE [t] SELECT * FROM [src]", "REPLICATE [warm] SELECT * FROM [warmsrc]"));
    }

    private string Csv => Path.Combine(files, "csv", "t.csv");

    private async Task CompareAsync(Contestant contestant, int rounds)
    {
        var (limits, ours) = (new List<Measure>(), new List<Measure>());
        // The first round warms the caches.
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var (run, to) in new[] { (contestant.Limit, limits), (contestant.Ours, ours) })
            {
                foreach (var old in Directory.EnumerateFiles(files, "*.db*").Where(file => !file.EndsWith("source.db", StringComparison.Ordinal)))
                    File.Delete(old);
                await contestant.Before();
                var cpu = Memory.ChildrenCpuSeconds();
                var measure = await run();
                if (round > 0)
                    to.Add(measure with { CpuSeconds = Memory.ChildrenCpuSeconds() - cpu });
            }
        }

        var (limit, our) = (Median(limits.Select(m => m.Seconds)), Median(ours.Select(m => m.Seconds)));
        var range = $"{ours.Min(m => m.Seconds):F2}..{ours.Max(m => m.Seconds):F2}";
        Console.WriteLine($"{contestant.Pair,-34}{limit,9:F3}{our,9:F3}{range,15}{rows / our,12:N0}{limit / our,8:F2}{contestant.Bar,6:F1}{Median(limits.Select(m => m.CpuSeconds)),11:F2}{Median(ours.Select(m => m.CpuSeconds)),8:F2}{ours.Max(m => m.Megabytes),9:F0}{Median(ours.Select(m => m.EmptyMilliseconds)),10:F1}");
    }

    private async Task<Measure> SqliteAsync(string commands)
    {
        var (seconds, megabytes, said) = await Shell.RunAsync(new("sqlite3", ["-bail", Path.Combine(files, "destination.db")]), commands + "\n");
        return Checked(seconds, megabytes, said);
    }

    private async Task<Measure> PostgresAsync(string commands)
    {
        var (seconds, megabytes, said) = await server.PsqlAsync(commands);
        return Checked(seconds, megabytes, said);
    }

    private Measure Checked(double seconds, double megabytes, string said) =>
        said.Trim().EndsWith(rows.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal) ? new(seconds, megabytes, 0, 0) : throw new InvalidOperationException($"the limit moved {said}");

    private async Task<Measure> OursAsync(string source, string destination, string query, string warm, string adopts = "")
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["pair-worker", files, source, destination, query, warm, adopts]);
        var (_, _, said) = await Shell.RunAsync(start, "");
        return said.Split(' ') is [var seconds, var affected, var megabytes, var empty] && int.Parse(affected) == rows
            ? new(double.Parse(seconds), double.Parse(megabytes), double.Parse(empty), 0)
            : throw new InvalidOperationException($"the worker said: {said}");
    }

    private static Task NothingAsync() => Task.CompletedTask;

    /// <summary>A table with all the rows, each of them older.</summary>
    private async Task FillTargetAsync()
    {
        await server.PsqlAsync("DROP SCHEMA public CASCADE; CREATE SCHEMA public;");
        await server.PsqlAsync($"CREATE TABLE t({PostgresColumns});\n\\copy t FROM '{Csv}' CSV HEADER\nUPDATE t SET quantity = -1, note = 'older'; VACUUM FULL t; CHECKPOINT;");
    }

    private async Task FillAsync()
    {
        Directory.CreateDirectory(Path.Combine(files, "csv"));
        using (var connection = new SqliteConnection($"Data Source={Path.Combine(files, "source.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"""
                PRAGMA journal_mode = OFF;
                CREATE TABLE t({SqliteColumns});
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
                INSERT INTO t SELECT i, 'customer number ' || i, 'city ' || (i * 7919 % 5000), i * 31 % 1000, i * 0.37, CASE WHEN i % 3 = 0 THEN 'a note of some length, for row ' || i END,
                  date('1950-01-01', (i * 17 % 20000) || ' days'), datetime('2024-01-01', i || ' seconds') FROM n;
                CREATE INDEX changed ON t(updated_at);
                CREATE TABLE warm({SqliteColumns});
                INSERT INTO warm SELECT * FROM t LIMIT 1000;
                """;
            command.ExecuteNonQuery();
            foreach (var table in new[] { "t", "warm" })
                Write(connection, table, Path.Combine(files, "csv", table + ".csv"));
        }

        await server.PsqlAsync($"""
            CREATE SCHEMA bench;
            CREATE TABLE bench.src({PostgresColumns});
            \copy bench.src FROM '{Csv}' CSV HEADER
            CREATE INDEX ON bench.src(updated_at);
            CREATE TABLE bench.warmsrc(LIKE bench.src INCLUDING ALL);
            INSERT INTO bench.warmsrc SELECT * FROM bench.src LIMIT 1000;
            VACUUM ANALYZE bench.src;
            """);
    }

    private static void Write(SqliteConnection connection, string table, string path)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // our own names
        command.CommandText = $"SELECT * FROM {table}";
#pragma warning restore CA2100
        using var reader = command.ExecuteReader();
        using var file = new StreamWriter(path, append: false, new UTF8Encoding(false));
        file.Write(string.Join(',', Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)) + "\n");
        while (reader.Read())
            file.Write(string.Join(',', Enumerable.Range(0, reader.FieldCount).Select(i => Spell(reader.GetValue(i)))) + "\n");
    }

    private static string Spell(object value)
    {
        var text = value is DBNull ? "" : Convert.ToString(value, CultureInfo.InvariantCulture)!;
        return text.Contains(',', StringComparison.Ordinal) ? $"\"{text}\"" : text;
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
