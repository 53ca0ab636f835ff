// Lucene's part of the search comparison: Lucene.java ANALYZER(icu|smartcn) INDEX-FOLDER QUERY... < texts, one a line.
// Prints "documents seconds" of indexing (one thread, committed; the second time, when Java has compiled what is hot), then "p50 p95" in seconds of the queries for the first ten.
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.cn.smart.SmartChineseAnalyzer;
import org.apache.lucene.analysis.icu.ICUFoldingFilter;
import org.apache.lucene.analysis.icu.segmentation.ICUTokenizer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.QueryBuilder;

public class Lucene {
    static Analyzer icu() {
        return new Analyzer() {
            @Override
            protected TokenStreamComponents createComponents(String field) {
                ICUTokenizer words = new ICUTokenizer();
                return new TokenStreamComponents(words, new ICUFoldingFilter(words));
            }
        };
    }

    static void index(Directory folder, Analyzer analyzer, String[] texts) throws Exception {
        try (IndexWriter writer = new IndexWriter(folder, new IndexWriterConfig(analyzer))) {
            for (String text : texts) {
                Document document = new Document();
                document.add(new TextField("text", text, Field.Store.NO));
                writer.addDocument(document);
            }
        }
    }

    public static void main(String[] args) throws Exception {
        Analyzer analyzer = args[0].equals("icu") ? icu() : new SmartChineseAnalyzer();
        String[] queries = Arrays.copyOfRange(args, 2, args.length);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String[] texts = in.lines().toArray(String[]::new);
        index(new ByteBuffersDirectory(), analyzer, texts);
        try (FSDirectory folder = FSDirectory.open(Path.of(args[1]))) {
            long begun = System.nanoTime();
            index(folder, analyzer, texts);
            System.out.println(texts.length + " " + (System.nanoTime() - begun) / 1e9);
            try (DirectoryReader reader = DirectoryReader.open(folder)) {
                IndexSearcher searcher = new IndexSearcher(reader);
                QueryBuilder builder = new QueryBuilder(analyzer);
                double[] times = new double[queries.length];
                for (int i = 0; i < queries.length; i++) {
                    begun = System.nanoTime();
                    searcher.search(builder.createPhraseQuery("text", queries[i]), 10);
                    times[i] = (System.nanoTime() - begun) / 1e9;
                }
                Arrays.sort(times);
                System.out.println(times[times.length / 2] + " " + times[times.length * 95 / 100]);
            }
        }
    }
}
